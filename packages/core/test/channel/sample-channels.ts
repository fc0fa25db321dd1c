import type { ChannelCommand } from '../../src/ports/channel-port'
import type { ChannelParameters, TransportEvent } from '../../src/ports/transport-port'
import {
  initialChannelState,
  type ChannelInput,
  type ChannelOutput,
  type ChannelState,
} from '../../src/channel/channel-state'
import { channelTransition } from '../../src/channel/channel-transition'
import type { ReceivePhase } from '../../src/channel/receive-table'
import { describeMessage } from '../../src/testing/trace'
import type { ChannelMessage } from '../../src/wire/channel-message'

/** A channel on which both may send 100 bytes, in packets of up to 10. */
export const sampleParameters: ChannelParameters = {
  localWindowBytes: 100,
  localMaximumWindowBytes: 100,
  localMaximumPacketBytes: 10,
  remoteWindowBytes: 100,
  remoteMaximumPacketBytes: 10,
}

/** The same, whose window starts shut: both ways. */
export const shutParameters: ChannelParameters = {
  ...sampleParameters,
  localWindowBytes: 0,
  remoteWindowBytes: 0,
}

/** An inbound message as an input. */
export function received(message: ChannelMessage): TransportEvent {
  return { type: 'transport.messageReceived', message }
}

/** This many bytes of standard output. */
export function sendData(byteCount: number): ChannelCommand {
  return { type: 'channel.sendData', bytes: new Uint8Array(byteCount) }
}

/** This many bytes of input. */
export function dataReceived(byteCount: number): TransportEvent {
  return received({ type: 'data', bytes: new Uint8Array(byteCount) })
}

const request: ChannelMessage = {
  type: 'request',
  request: { name: 'exec', command: 'cat', commandBytes: Uint8Array.of(99, 97, 116) },
  wantsReply: true,
}

const eow: ChannelCommand = {
  type: 'channel.sendRequest',
  request: { name: 'eow@openssh.com' },
  wantsReply: true,
}

/** What leads from an open channel to each row of the receive table: a request is owed, a reply is awaited. */
export const wayToReceiving: Readonly<Record<ReceivePhase, readonly ChannelInput[]>> = {
  open: [received(request), eow],
  eofReceived: [received(request), eow, received({ type: 'eof' })],
  closeReceived: [received(request), eow, received({ type: 'close' })],
  closeSent: [received(request), eow, { type: 'channel.close' }],
}

/** A request is owed, 60 bytes were received, and 5 of 105 bytes wait for window. */
const busy: readonly ChannelInput[] = [received(request), dataReceived(60), sendData(105)]

/** What leads from an open channel to each row of the send table; a full window keeps the queue from leaving. */
export const wayToSending: Readonly<Record<ChannelState['sending'], readonly ChannelInput[]>> = {
  open: busy,
  eofQueued: [...busy, { type: 'channel.sendEof' }],
  closeQueued: [...busy, { type: 'channel.close' }],
  closeSent: [received(request), dataReceived(60), { type: 'channel.close' }],
}

/** What leads to each phase of the transport. */
export const wayToTransport: Readonly<Record<ChannelState['transport'], readonly ChannelInput[]>> =
  {
    clear: busy,
    blocked: [...busy, { type: 'transport.blocked' }],
    disconnecting: [
      ...busy,
      { type: 'transport.malformedReceived', error: new Error('truncated message') },
    ],
    lost: [...busy, { type: 'transport.lost', reason: 'reset' }],
  }

/** One of everything that a transport tells beside messages. */
export const sampleTransportEvents = {
  'transport.malformedReceived': {
    type: 'transport.malformedReceived',
    error: new Error('truncated message'),
  },
  'transport.blocked': { type: 'transport.blocked' },
  'transport.unblocked': { type: 'transport.unblocked' },
  'transport.lost': { type: 'transport.lost', reason: 'reset' },
} as const satisfies Readonly<Record<string, TransportEvent>>

/** One message of every type. */
export const sampleMessages: { readonly [Type in ChannelMessage['type']]: ChannelMessage } = {
  windowAdjust: { type: 'windowAdjust', byteCount: 5 },
  data: { type: 'data', bytes: Uint8Array.of(1, 2, 3) },
  extendedData: { type: 'extendedData', dataType: 1, bytes: Uint8Array.of(1, 2, 3) },
  eof: { type: 'eof' },
  close: { type: 'close' },
  request,
  success: { type: 'success' },
  failure: { type: 'failure' },
}

/** One command of every type. */
export const sampleCommands: { readonly [Type in ChannelCommand['type']]: ChannelCommand } = {
  'channel.openWindow': { type: 'channel.openWindow' },
  'channel.grant': { type: 'channel.grant', byteCount: 60 },
  'channel.sendData': sendData(3),
  'channel.sendExtendedData': {
    type: 'channel.sendExtendedData',
    dataType: 1,
    bytes: Uint8Array.of(1, 2, 3),
  },
  'channel.dropPending': { type: 'channel.dropPending', scope: 'all' },
  'channel.sendRequest': eow,
  'channel.reply': { type: 'channel.reply', requestId: 1, isSuccess: true },
  'channel.sendEof': { type: 'channel.sendEof' },
  'channel.close': { type: 'channel.close' },
}

/** What a channel said to a list of inputs, in words. */
export interface ChannelRun {
  readonly state: ChannelState
  readonly said: readonly string[]
  readonly saidLast: readonly string[]
}

/** Runs the channel machine through these inputs. */
export function runChannel(
  inputs: readonly ChannelInput[],
  parameters: ChannelParameters = sampleParameters,
): ChannelRun {
  let state = initialChannelState(parameters)
  let saidLast: readonly string[] = []
  const said: string[] = []
  for (const input of inputs) {
    const [next, outputs] = channelTransition(state, input)
    state = next
    saidLast = outputs.map(describeOutput)
    said.push(...saidLast)
  }
  return { state, said, saidLast }
}

/** An output in words: `send data 3`, `channel.written 3`, `disconnect 2`. */
export function describeOutput(output: ChannelOutput): string {
  switch (output.type) {
    case 'transport.send':
      return `send ${describeMessage(output.message)}`
    case 'transport.disconnect':
      return `disconnect ${String(output.reasonCode)}`
    case 'transport.release':
      return 'release'
    default:
      return describeEvent(output)
  }
}

function describeEvent(event: ChannelOutput): string {
  const { type, ...rest } = event
  const words = Object.values(rest).map((value: unknown) => {
    if (value instanceof Uint8Array) return `${String(value.length)}B`
    if (typeof value === 'object' && value !== null && 'name' in value) return String(value.name)
    return String(value)
  })
  return [type, ...words].join(' ')
}

/** A step in one line: `receiving/sending | what changed | what was said`. */
export function describeChannelStep(
  before: ChannelState,
  [after, outputs]: readonly [ChannelState, readonly ChannelOutput[]],
): string {
  const phases = `${after.receiving}/${after.sending}`
  const said = outputs.map(describeOutput).join(', ')
  return [phases, describeChanges(before, after), said].filter((part) => part !== '').join(' | ')
}

function describeChanges(before: ChannelState, after: ChannelState): string {
  const [old, now] = [factsOf(before), factsOf(after)]
  return Object.keys(now)
    .filter((key) => old[key] !== now[key])
    .map((key) => describeChange(key, old[key], now[key]))
    .join(' ')
}

function describeChange(key: string, old: unknown, now: unknown): string {
  if (typeof old !== 'number' || typeof now !== 'number') return `${key} ${String(now)}`
  return `${key} ${now > old ? '+' : ''}${String(now - old)}`
}

function factsOf(state: ChannelState): Readonly<Record<string, unknown>> {
  return {
    transport: state.transport,
    localWindow: state.inbound.windowBytes,
    consumed: state.inbound.consumedBytes,
    remoteWindow: state.outbound.windowBytes,
    queuedBytes: state.outbound.queuedBytes,
    owed: state.requests.owed.length,
    awaited: state.requests.awaitedReplies,
  }
}
