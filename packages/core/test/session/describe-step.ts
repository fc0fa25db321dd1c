import { toArray } from '../../src/channel/queue'
import type { RemoteOutput } from '../../src/remote/remote-event'
import type { SessionCommand } from '../../src/session/session-command'
import type { SessionState, SessionStep } from '../../src/session/session-state'

/**
 * A step in one line: `phase | what changed in the state | commands`. The parts that are empty are left out, so a
 * step that only moves on reads `closing`, and one that only counts reads `running | stdinBytes +3`.
 */
export function describeStep(before: SessionState, [after, commands]: SessionStep): string {
  const changes = describeChanges(before, after)
  const said = commands.map(describeCommand).join(', ')
  return [after.phase, changes, said].filter((part) => part !== '').join(' | ')
}

/** A command in a few words: its type without what every command of that type has, and its arguments. */
export function describeCommand(command: SessionCommand | RemoteOutput): string {
  const { type, ...rest } = command
  const words = Object.values(rest).map(describeArgument)
  return [type, ...words].filter((word) => word !== '').join(' ')
}

function describeArgument(argument: unknown): string {
  if (argument instanceof Uint8Array) return `${String(argument.length)}B`
  if (typeof argument !== 'object' || argument === null) return String(argument)
  if ('name' in argument) return describeRequest(argument as { readonly name: string })
  if ('endedBy' in argument) return String(argument.endedBy)
  if ('columns' in argument && 'rows' in argument) {
    return `${String(argument.columns)}x${String(argument.rows)}`
  }
  return ''
}

function describeRequest(request: { readonly name: string }): string {
  const details = Object.entries(request).flatMap(([key, value]) =>
    ['code', 'signal'].includes(key) ? [String(value as unknown)] : [],
  )
  const name = 'requestType' in request ? String(request.requestType) : request.name
  return [name, ...details].join(' ')
}

/** What changed beside the phase: numbers as `+3`, words as `before>after`. */
function describeChanges(before: SessionState, after: SessionState): string {
  const [old, now] = [factsOf(before), factsOf(after)]
  return Object.keys(now)
    .filter((key) => key in old && old[key] !== now[key])
    .map((key) => describeChange(key, old[key], now[key]))
    .join(' ')
}

function describeChange(key: string, old: unknown, now: unknown): string {
  if (typeof old !== 'number' || typeof now !== 'number') {
    return `${key} ${String(old)}>${String(now)}`
  }
  return `${key} ${now > old ? '+' : ''}${String(now - old)}`
}

function factsOf(state: SessionState): Readonly<Record<string, unknown>> {
  if (state.phase === 'ended') return { ...state.outcome.traffic, ending: state.outcome.endedBy }
  const { traffic, input, output, producer, deferred } = state
  return {
    ...traffic,
    pendingBytes: input.pendingBytes,
    input: input.phase,
    unwrittenBytes: output.unwrittenBytes,
    output: output.phase,
    producer,
    deferred: toArray(deferred).length,
    ...('outputs' in state ? { stdout: state.outputs.stdout, stderr: state.outputs.stderr } : {}),
    ...('ending' in state ? { ending: state.ending.endedBy } : {}),
  }
}
