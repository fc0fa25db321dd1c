import type { ErrorCode } from '../errors/error-code'
import { messageOf } from '../errors/hawse-error'
import { outcomeInWords, type ProcessEnd } from './process-end'
import type { RunEndedBy, RunFailure } from './run-result'

/** What a failure is judged by. */
export interface RunFacts {
  readonly command: string
  readonly end: ProcessEnd
  readonly endedBy: RunEndedBy
  /** The time limit in milliseconds, where there is one. */
  readonly timeoutMs: number | undefined
  /** More than how many bytes it wrote to which output, where that ended the run. */
  readonly limit: string | undefined
  /** The reason that the abort signal gave. */
  readonly abortReason: unknown
  /** Text of what was gathered of stderr. */
  readonly stderrText: string
}

/** Lines of stderr in a message. */
const tailLines = 10
/** Characters of them: a line may be long. */
const tailCharacters = 2_000

/**
 * Judges a run. A process that SIGPIPE ended because its reader had enough is no failure (`yes | head`), nor is one that
 * a hang-up ended because the reader of its terminal had.
 */
export function failureOf(facts: RunFacts): RunFailure | undefined {
  const code = failureCode(facts)
  if (code === undefined) return undefined
  const message = `${facts.command} ${happened(facts)}${tailOf(facts.stderrText)}`
  const cause = causeOf(facts)
  return cause === undefined ? { code, message } : { code, message, cause }
}

function failureCode({ end, endedBy }: RunFacts): ErrorCode | undefined {
  if (endedBy === 'timeout') return 'PROCESS_TIMED_OUT'
  if (endedBy === 'abort') return 'PROCESS_ABORTED'
  if (endedBy === 'limit') return 'OUTPUT_LIMIT_EXCEEDED'
  if (endedBy === 'stream') return 'STREAM_FAILED'
  const { outcome, closedOutputs } = end
  if (outcome.kind === 'notStarted') return 'PROCESS_NOT_STARTED'
  if (outcome.kind === 'exited' && outcome.code === 0) return undefined
  const isReaderGone = outcome.kind === 'signaled' && /^(PIPE|HUP)$/.test(outcome.signal)
  return isReaderGone && closedOutputs.length > 0 ? undefined : 'PROCESS_FAILED'
}

function happened({ end, endedBy, timeoutMs, limit, abortReason }: RunFacts): string {
  const outcome = outcomeInWords(end.outcome)
  switch (endedBy) {
    case 'timeout':
      return `took longer than ${timeoutMs ?? 0} ms, was told to end, and ${outcome}`
    case 'abort':
      return `was aborted (${messageOf(abortReason)}), and ${outcome}`
    case 'limit':
      return limit === undefined
        ? `was told to end because another process wrote too much, and ${outcome}`
        : `wrote ${limit}, was told to end, and ${outcome}`
    case 'stream': {
      const { streamFailure } = end
      const name = streamFailure?.stream ?? 'a stream of another process'
      const reason = streamFailure === undefined ? '' : ` (${messageOf(streamFailure.error)})`
      return `was told to end because ${name} failed${reason}, and ${outcome}`
    }
    case 'process':
      return outcome
  }
}

function causeOf({ end, endedBy, abortReason }: RunFacts): unknown {
  return endedBy === 'abort' ? abortReason : end.streamFailure?.error
}

function tailOf(stderrText: string): string {
  const lines = stderrText.trimEnd().split('\n').slice(-tailLines)
  const tail = lines.join('\n').slice(-tailCharacters)
  // What a program writes may steer a terminal; a message is for logs and terminals.
  return tail === '' ? '' : `\n${tail.replace(/(?![\n\t])\p{Cc}/gu, '')}`
}
