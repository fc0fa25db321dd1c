/** Who is at fault: the code that called us, the other end, or the machine we run on. */
export type Fault = 'local' | 'remote' | 'system'

/**
 * Every error code with its fault and its sentence; `docs/errors.md` prints this table.
 */
export const errorCodes = {
  MALFORMED_MESSAGE: {
    fault: 'remote',
    sentence: 'A message does not follow RFC 4254: it is truncated or a length in it is absurd.',
  },
  WINDOW_EXCEEDED: {
    fault: 'remote',
    sentence: 'The peer sent more than its window and the 10 % grace allow.',
  },
  TOO_MANY_REQUESTS: {
    fault: 'remote',
    sentence: 'The peer sent more requests behind one that is not decided than the limit allows.',
  },
  ILLEGAL_EVENT: {
    fault: 'local',
    sentence: 'A machine was told something that cannot happen in its phase; nothing changed.',
  },
  ALREADY_CONNECTED: {
    fault: 'local',
    sentence: 'A process is already bound to this session; one session takes one process.',
  },
  PRODUCER_REGISTERED: {
    fault: 'local',
    sentence: 'A producer is already registered; unregister it before registering another.',
  },
  REQUEST_REFUSED: {
    fault: 'local',
    sentence: 'A handler refused the program request; its reason was shown to the client.',
  },
  PROGRAM_NOT_CONFIGURED: {
    fault: 'local',
    sentence: 'No handler is configured for this kind of program request, so it was refused.',
  },
  HANDLER_FAILED: {
    fault: 'local',
    sentence: 'A handler threw or rejected; its session ended and the server goes on.',
  },
  OUTPUT_CLOSED: {
    fault: 'remote',
    sentence: 'A handler wrote to an output that nobody reads any more; it should stop writing.',
  },
  OUTPUT_OVERFLOW: {
    fault: 'local',
    sentence: 'A handler wrote far more than its client reads, without awaiting; it was ended.',
  },
  PROCESS_NOT_STARTED: {
    fault: 'system',
    sentence: 'A process that was to be run did not start; the message says why, as a shell would.',
  },
  PROCESS_FAILED: {
    fault: 'remote',
    sentence: 'A process that was run did not exit with 0; the error has its outcome and outputs.',
  },
  PROCESS_TIMED_OUT: {
    fault: 'remote',
    sentence:
      'A process ran longer than its time limit and was ended; its outputs are in the error.',
  },
  PROCESS_ABORTED: {
    fault: 'local',
    sentence: 'An abort signal ended a run; what the process wrote until then is in the error.',
  },
  OUTPUT_LIMIT_EXCEEDED: {
    fault: 'remote',
    sentence:
      'A process wrote more than may be gathered and was ended; the error has the first part.',
  },
  STREAM_FAILED: {
    fault: 'system',
    sentence: 'A source or sink of a process failed, so the process was ended; see the cause.',
  },
  INVALID_ARGUMENT: {
    fault: 'local',
    sentence: 'An argument or option is not usable; the message names it and what is.',
  },
  UNSUPPORTED_SSH2: {
    fault: 'system',
    sentence: 'The installed ssh2 lacks something that the adapter relies on.',
  },
  UNSUPPORTED_NODE_PTY: {
    fault: 'system',
    sentence: 'No usable node-pty is installed, or it lacks something that the adapter relies on.',
  },
} as const satisfies Record<string, { readonly fault: Fault; readonly sentence: string }>

/** The stable name of an error; see `errorCodes`. */
export type ErrorCode = keyof typeof errorCodes
