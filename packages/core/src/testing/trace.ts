import type { ChannelMessage } from '../wire/channel-message'
import type { SessionStepRecord } from '../streams/session-options'

/** A session's steps as lines to read and compare: `running: process.exited -> channel.sendRequest exit-status`. */
export interface Trace {
  /** For the `tap` option of a session. */
  readonly tap: (step: SessionStepRecord) => void
  readonly lines: readonly string[]
}

/** Makes a trace that collects lines. */
export function createTrace(): Trace {
  const lines: string[] = []
  return { lines, tap: (step) => void lines.push(describeStep(step)) }
}

/** One step as a line: the phase it led to, the event, and the commands. */
export function describeStep({ event, state, commands, isIllegal }: SessionStepRecord): string {
  const said = commands.map(describe).join(', ')
  const illegal = isIllegal ? ' (illegal)' : ''
  return `${state.phase}: ${describe(event)}${illegal}${said === '' ? '' : ` -> ${said}`}`
}

/** One message as a few words: `data 5`, `request exit-status`. */
export function describeMessage(message: ChannelMessage): string {
  switch (message.type) {
    case 'data':
    case 'extendedData':
      return `${message.type} ${String(message.bytes.length)}`
    case 'windowAdjust':
      return `windowAdjust ${String(message.byteCount)}`
    case 'request':
      return `request ${message.request.name}`
    default:
      return message.type
  }
}

function describe(fact: { readonly type: string }): string {
  const details = detailNames.flatMap((name) => {
    const value: unknown = (fact as Readonly<Record<string, unknown>>)[name]
    return value === undefined ? [] : [describeValue(value)]
  })
  return [fact.type, ...details].join(' ')
}

/** Members that tell steps apart, in the order shown. */
const detailNames = [
  'output',
  'request',
  'outcome',
  'isSuccess',
  'bytes',
  'byteCount',
  'signal',
  'timer',
  'endedBy',
] as const

function describeValue(value: unknown): string {
  if (value instanceof Uint8Array) return `${String(value.length)} bytes`
  if (typeof value !== 'object' || value === null) return String(value)
  if ('name' in value) return String(value.name)
  if ('kind' in value) return Object.values(value).slice(0, 2).join(' ')
  return ''
}
