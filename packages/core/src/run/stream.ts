import type { Observable } from 'rxjs'
import type { ProcessPort } from '../ports/process-port'
import { bytePipe } from './byte-pipe'
import { iterableOf, type ByteSource } from './byte-source'
import { linesOf, type LineOptions } from './lines'
import { observableOf } from './observable-of'
import { run } from './run'
import type { RunOptions } from './run-options'
import type { RunEncoding, RunResult } from './run-result'

/** Choices for `stream`. */
export interface StreamOptions<Encoding extends RunEncoding = 'utf8'> extends Omit<
  RunOptions<Encoding>,
  'stdout' | 'stderr'
> {
  /** What to read: `stdout` (the default), `stderr`, or `all` for both in order of arrival. The other is gathered. */
  readonly from?: 'stdout' | 'stderr' | 'all'
}

/**
 * The output of a running process, to be read once, in one of the ways it has. Who reads slowly slows the process; who
 * never reads stops it. After the last byte a run that failed throws its `RunError` at the reader. Who stops reading
 * closes the output: the process gets SIGPIPE.
 */
export interface ProcessStream<
  Encoding extends RunEncoding = 'utf8',
> extends AsyncIterable<Uint8Array> {
  /** For `webSourceOf`, for a Node stream, or for the input of another process. */
  readonly source: ByteSource
  /** The same as an observable, see `observableOf`. */
  readonly byte$: Observable<Uint8Array>
  /** The same as lines of text. */
  lines(options?: LineOptions): AsyncGenerator<string, void, undefined>
  /** As of `run`; what was streamed is not in it. Nobody has to handle its rejection. */
  readonly result: Promise<RunResult<Encoding>>
}

/**
 * Runs a process and gives its output while it runs.
 *
 * @example
 * for await (const line of stream(childProcess(['ping', '-c3', 'localhost'])).lines()) console.log(line)
 */
export function stream<Encoding extends RunEncoding = 'utf8'>(
  process: ProcessPort,
  { from = 'stdout', ...options }: StreamOptions<Encoding> = {},
): ProcessStream<Encoding> {
  const { sink, source: bytes } = bytePipe()
  const result = run(process, {
    ...options,
    ...(from !== 'stderr' && { stdout: sink }),
    ...(from !== 'stdout' && { stderr: sink }),
  })
  // Its reader is told of a failure; a rejection that nobody handles must not end the program.
  result.catch((error: unknown) => sink.abort(error))
  const source = endingWith(bytes, result)
  return {
    [Symbol.asyncIterator]: () => iterableOf(source)[Symbol.asyncIterator](),
    source,
    byte$: observableOf(source),
    lines: (lineOptions) => linesOf(source, lineOptions),
    result,
  }
}

/** The end of the bytes is told when the process has ended too, as what it is: a run that failed rejects. */
function endingWith(source: ByteSource, result: Promise<unknown>): ByteSource {
  return {
    read: async () => {
      try {
        const bytes = await source.read()
        if (bytes === undefined) await result
        return bytes
      } catch (error) {
        await result
        throw error
      }
    },
    cancel: () => source.cancel(),
  }
}
