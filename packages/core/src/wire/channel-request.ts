import type { TerminalRequest, TerminalSize } from '../ports/terminal'

/**
 * Every channel request that a session knows (RFC 4254 section 6, RFC 4335, OpenSSH PROTOCOL), and any other kept raw.
 *
 * Where bytes have a meaning for a person, the field is text and a twin ending in `Bytes` keeps what was sent.
 */
export type ChannelRequest =
  | {
      /** A terminal (section 6.2). */ readonly name: 'pty-req'
      readonly terminal: TerminalRequest
    }
  | {
      /** X11 forwarding (section 6.3.1). */
      readonly name: 'x11-req'
      readonly isSingleConnection: boolean
      readonly authenticationProtocol: string
      readonly authenticationCookie: string
      readonly screenNumber: number
    }
  | {
      /** An environment variable (section 6.4). */
      readonly name: 'env'
      readonly variable: string
      readonly value: string
      readonly valueBytes: Uint8Array
    }
  | { /** The account's shell (section 6.5). */ readonly name: 'shell' }
  | {
      /** A command (section 6.5). `command` is `commandBytes` read as UTF-8. */
      readonly name: 'exec'
      readonly command: string
      readonly commandBytes: Uint8Array
    }
  | {
      /** A named subsystem (section 6.5). */ readonly name: 'subsystem'
      readonly subsystem: string
    }
  | {
      /** New dimensions (section 6.7). */ readonly name: 'window-change'
      readonly size: TerminalSize
    }
  | {
      /** Client-side flow control (section 6.8). */ readonly name: 'xon-xoff'
      readonly clientCanDo: boolean
    }
  | {
      /** A signal, without `SIG` (section 6.9). */ readonly name: 'signal'
      readonly signal: string
    }
  | {
      /** A break (RFC 4335 section 3), length in milliseconds. */ readonly name: 'break'
      readonly lengthMs: number
    }
  | {
      /** Exit code of the process (section 6.10), uint32. */ readonly name: 'exit-status'
      readonly code: number
    }
  | {
      /** Death by signal (section 6.10). */
      readonly name: 'exit-signal'
      readonly signal: string
      readonly hasCoreDumped: boolean
      readonly message: string
      readonly languageTag: string
    }
  | { /** Agent forwarding (OpenSSH PROTOCOL). */ readonly name: 'auth-agent-req@openssh.com' }
  | {
      /** The sender reads no more data (OpenSSH PROTOCOL section 2.1). */ readonly name: 'eow@openssh.com'
    }
  | {
      /** Any other request. */
      readonly name: 'unknown'
      readonly requestType: string
      readonly data: Uint8Array
    }
