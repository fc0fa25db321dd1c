import type { Observable } from 'rxjs'
import type { ExitOutcome } from './exit-outcome'
import type { TerminalSize } from './terminal'

/** An output of a process: file descriptor 1 or 2. */
export type OutputName = 'stdout' | 'stderr'

/** Why a program did not start. Shells answer the first with 127, the second with 126. */
export type StartFailure = 'notFound' | 'notPermitted' | 'noResources' | 'failed'

/** What a process says: facts, in the past tense. */
export type ProcessEvent =
  | {
      /** The program runs. Emitted once, before any other fact but `process.startFailed`. */
      readonly type: 'process.started'
      /** The outputs this process has; the session's end waits for each of them to end. */
      readonly outputs: readonly OutputName[]
      /** Whether the program sits on a terminal: then end of input reaches nothing, and break is possible. */
      readonly isTerminal: boolean
      /** Its number on this machine, which is also that of its process group; absent where it has none. */
      readonly processId?: number
    }
  | {
      /** The program could not be started. Nothing follows. */
      readonly type: 'process.startFailed'
      readonly failure: StartFailure
      /** One line for the user, such as `git-shell: command not found`. */
      readonly message: string
    }
  | {
      /**
       * Bytes of an output. The receiver owns them, unless it has said `process.lendOutput`: then the adapter may use
       * the memory again once the emission has returned, and whoever keeps the bytes copies them.
       */
      readonly type: 'process.output'
      readonly output: OutputName
      readonly bytes: Uint8Array
    }
  | {
      /** An output ended, after its last byte. Once per output. */
      readonly type: 'process.outputEnded'
      readonly output: OutputName
    }
  | {
      /** The process has taken this many bytes of the input given by `process.write`. */
      readonly type: 'process.inputWritten'
      readonly byteCount: number
    }
  | {
      /** The process closed its input; what is written from now on, and what was pending, is lost. Once. */
      readonly type: 'process.inputClosed'
    }
  | {
      /** The process was reaped; its outputs may still be open (a grandchild can hold them). Once. */
      readonly type: 'process.exited'
      readonly outcome: ExitOutcome
    }

/** What a process can be asked: imperatives. */
export type ProcessCommand =
  | {
      /** Start the program. First command but for `process.resize` and `process.lendOutput`; once. */
      readonly type: 'process.start'
    }
  | {
      /**
       * Bytes of outputs need not be kept: who asks has used them when the emission returns. An adapter may ignore it;
       * who stands between and keeps bytes MUST NOT pass it on.
       */
      readonly type: 'process.lendOutput'
    }
  | {
      /** Bytes for the standard input, in order. Each byte is answered by `process.inputWritten` once taken. */
      readonly type: 'process.write'
      readonly bytes: Uint8Array
    }
  | {
      /** End the input after what was written. Nothing on a terminal. */ readonly type: 'process.closeInput'
    }
  | {
      /** Stop reading an output for good and free it, so that a writer gets SIGPIPE; `process.outputEnded` follows. */
      readonly type: 'process.closeOutput'
      readonly output: OutputName
    }
  | {
      /** Stop emitting `process.output`, after at most what is in flight. */ readonly type: 'process.pauseOutput'
    }
  | { /** Emit output again. */ readonly type: 'process.resumeOutput' }
  | {
      /** Send a signal to the process group; on a terminal to its foreground group. Name without `SIG`. */
      readonly type: 'process.signal'
      readonly signal: string
    }
  | {
      /** New dimensions, on a terminal. Before `process.start` it sets the start size; after exit, nothing. */
      readonly type: 'process.resize'
      readonly size: TerminalSize
    }
  | {
      /** A break condition on a terminal (RFC 4335); 0 ms means the default length. */
      readonly type: 'process.sendBreak'
      readonly lengthMs: number
    }
  | {
      /**
       * The other end is gone: free every descriptor and hang up the terminal. No signal is sent by this
       * itself (a kernel sends SIGHUP to a terminal's session). `process.exited` still follows.
       */
      readonly type: 'process.disconnect'
    }

/**
 * Anything that runs: a child process, a terminal program, a function, a program on another host.
 *
 * An adapter MUST emit facts in the order they happened, MUST NOT emit after `process.startFailed` or after both
 * `process.exited` and the last `process.outputEnded`, MUST NOT throw from `perform`, MUST ignore commands after
 * its end, and MUST NOT decide anything about the protocol.
 */
export interface ProcessPort {
  /** Facts, in order; hot; never errors; completes when nothing more can come. */
  readonly event$: Observable<ProcessEvent>
  /** Asks for one thing. Facts may be emitted before it returns. */
  perform(command: ProcessCommand): void
}
