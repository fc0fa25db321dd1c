/** What becomes of the process when the client is gone (behaviour of sshd first). */
export type DisconnectPolicy =
  /** Its input and outputs are closed and its terminal is hung up; no signal is sent. */
  | 'sshd'
  /** The same, and SIGHUP to its process group. */
  | 'hangUp'
  /** The same, then SIGTERM, then SIGKILL, each after its delay. */
  | 'terminate'

/** Every choice that a session leaves to its owner. */
export interface SessionSettings {
  /** Patterns (`*`, `?`) of environment variables that a client may set. */
  readonly acceptEnv: readonly string[]
  /** Signals that a client may send, without `SIG` (RFC 4254 section 6.9). */
  readonly signals: readonly string[]
  readonly onDisconnect: DisconnectPolicy
  /** From hang-up to SIGTERM, in milliseconds. */
  readonly terminateDelayMs: number
  /** From SIGTERM to SIGKILL, and from the end of an ended session to its CLOSE past unread output, in milliseconds. */
  readonly killDelayMs: number
  /** How long outputs may stay open after the process exited, in milliseconds; `null` as long as they do. */
  readonly drainTimeoutMs: number | null
  /** Death by signal is told as `exit-signal`, or as exit status 128 + number for clients that show 255. */
  readonly signalReport: 'exit-signal' | 'exit-status'
  /** What follows the `@` in signal names beyond RFC 4254. */
  readonly signalDomain: string
  /** Signal numbers by name with `SIG`, for `exit-status` reports; Node's `os.constants.signals` fits. */
  readonly signalNumbers: Readonly<Record<string, number>>
  /** The client's EOF on a terminal: nothing, as sshd, or the terminal's end-of-file character. */
  readonly terminalEof: 'ignore' | 'sendVeof'
  /** Whether `pty-req` is accepted; where not, programs run without a terminal, as `no-pty` of sshd. */
  readonly acceptsTerminal: boolean
  /** Whether `x11-req` is accepted and handed to the handler. */
  readonly acceptsX11: boolean
  /** Whether `auth-agent-req@openssh.com` is accepted and handed to the handler. */
  readonly acceptsAgent: boolean
  /** Output not yet taken by the transport above which the process is paused, in bytes. */
  readonly outputHighWaterMarkBytes: number
  /** Output not yet taken at or below which it is resumed, in bytes. */
  readonly outputLowWaterMarkBytes: number
  /** Software of the remote end; decides whether it hears `eow@openssh.com`. */
  readonly peerSoftware: string
}

/** The behaviour of OpenSSH's server wherever it has one. */
export const defaultSettings: SessionSettings = {
  acceptEnv: ['LANG', 'LC_*'],
  signals: ['HUP', 'INT', 'KILL', 'QUIT', 'TERM', 'USR1', 'USR2'],
  onDisconnect: 'sshd',
  terminateDelayMs: 5_000,
  killDelayMs: 5_000,
  drainTimeoutMs: null,
  signalReport: 'exit-signal',
  signalDomain: 'openssh.com',
  signalNumbers: {
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGILL: 4,
    SIGTRAP: 5,
    SIGABRT: 6,
    SIGBUS: 7,
    SIGFPE: 8,
    SIGKILL: 9,
    SIGUSR1: 10,
    SIGSEGV: 11,
    SIGUSR2: 12,
    SIGPIPE: 13,
    SIGALRM: 14,
    SIGTERM: 15,
    SIGXCPU: 24,
    SIGXFSZ: 25,
    SIGSYS: 31,
  },
  terminalEof: 'ignore',
  acceptsTerminal: true,
  acceptsX11: false,
  acceptsAgent: false,
  outputHighWaterMarkBytes: 256 * 1024,
  outputLowWaterMarkBytes: 64 * 1024,
  peerSoftware: '',
}
