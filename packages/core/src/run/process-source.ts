import type { ProcessPort } from '../ports/process-port'
import { bytePipe } from './byte-pipe'
import type { ByteSink } from './byte-sink'
import type { ByteSource } from './byte-source'
import type { ProcessEnd } from './process-end'
import { redirect, type ProcessStreams, type RedirectOptions } from './redirect'

/** The stdout of a process as the source of another's input, with the status of the first. */
export interface ProcessSource extends ByteSource {
  readonly ended: Promise<ProcessEnd>
}

/** The input of a process as the sink of another's output, with the status of the first. */
export interface ProcessSink extends ByteSink {
  readonly ended: Promise<ProcessEnd>
}

/**
 * Starts a process whose stdout is the source: `run(b, { input: fromProcess(a) })`. Its status is in `ended` and changes
 * nothing of the reader, as in a shell.
 */
export function fromProcess(
  process: ProcessPort,
  streams: Omit<ProcessStreams, 'stdout'> = {},
  options: RedirectOptions = {},
): ProcessSource {
  const { sink, source } = bytePipe()
  const { ended } = redirect(process, { ...streams, stdout: sink }, options)
  return { read: () => source.read(), cancel: () => source.cancel(), ended }
}

/**
 * Starts a process whose input is the sink: `run(a, { stdout: toProcess(b) })`. The sink has ended when the process has;
 * its status is in `ended`.
 */
export function toProcess(
  process: ProcessPort,
  streams: Omit<ProcessStreams, 'stdin'> = {},
  options: RedirectOptions = {},
): ProcessSink {
  const { sink, source } = bytePipe()
  const { ended } = redirect(process, { ...streams, stdin: source }, options)
  return {
    write: (bytes) => sink.write(bytes),
    end: async () => {
      await sink.end()
      await ended
    },
    abort: (reason) => sink.abort(reason),
    ...(sink.closed && { closed: sink.closed }),
    ended,
  }
}
