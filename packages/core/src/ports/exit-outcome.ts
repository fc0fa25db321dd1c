/**
 * How a process ended, as far as is known (RFC 4254 section 6.10).
 *
 * `unreported` is an outcome of its own: nobody said how it ended, which is neither success nor failure. So is `lost`:
 * nobody can say whether it ended.
 */
export type ExitOutcome =
  | {
      readonly kind: 'exited'
      /** 0 to 4294967295; 0 to 255 from a POSIX process. */ readonly code: number
    }
  | {
      readonly kind: 'signaled'
      /** Signal name without `SIG`: `TERM`, `BUS`, `RTMIN+3`. */
      readonly signal: string
      /** Whether a core was dumped; false where the platform does not tell. */
      readonly hasCoreDumped: boolean
      /** Human-readable message, may be empty. */
      readonly message: string
      /** Language tag of the message (RFC 3066), may be empty. */
      readonly languageTag: string
    }
  | { readonly kind: 'unreported'; /** Why nothing is known. */ readonly reason: string }
  | {
      /** The connection to where the process ran is gone: it may have ended, and it may run on. */
      readonly kind: 'lost'
      /** Why the connection is gone. */
      readonly reason: string
    }

/** An outcome for a process that exited with a code. */
export function exited(code: number): ExitOutcome {
  return { kind: 'exited', code }
}

/** An outcome for a process that a signal killed; `signal` may carry the prefix `SIG`. */
export function signaled(signal: string, hasCoreDumped = false): ExitOutcome {
  const name = signal.startsWith('SIG') ? signal.slice(3) : signal
  return { kind: 'signaled', signal: name, hasCoreDumped, message: '', languageTag: '' }
}

/** An outcome for a process of whose end nothing was reported. */
export function unreported(reason: string): ExitOutcome {
  return { kind: 'unreported', reason }
}

/** An outcome for a process on another host, to which the connection was lost. */
export function lost(reason: string): ExitOutcome {
  return { kind: 'lost', reason }
}
