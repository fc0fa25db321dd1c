import {
  channelTransition,
  createEventSource,
  channelOverTransport,
  defaultSettings,
  initialChannelState,
  initialSessionState,
  runSession,
  sessionTransition,
  type ChannelInput,
  type ChannelParameters,
  type ChannelState,
  type ProcessEvent,
  type ProcessPort,
  type SessionEvent,
  type SessionState,
  type TransportEvent,
  type TransportPort,
} from '@hawse/core'

/** Something that the machines do for each piece of data. */
export interface HotPath {
  readonly name: string
  /** What counts as one event. */
  readonly event: string
  readonly eventsPerStep: number
  /** Makes a machine in the middle of a session, and the step that is repeated. */
  readonly prepare: () => () => void
}

const packetBytes = 32 * 1024
const piece = new Uint8Array(packetBytes)
const parameters: ChannelParameters = {
  localWindowBytes: 0,
  localMaximumWindowBytes: 64 * packetBytes,
  localMaximumPacketBytes: packetBytes,
  remoteWindowBytes: 64 * packetBytes,
  remoteMaximumPacketBytes: packetBytes,
}
const exec = { name: 'exec', command: 'x', commandBytes: Uint8Array.of(120) } as const
const execMessage: ChannelInput = received({ type: 'request', request: exec, wantsReply: true })
const adjustMessage: TransportEvent = received({ type: 'windowAdjust', byteCount: packetBytes })
const dataMessage: TransportEvent = received({ type: 'data', bytes: piece })
const output: ProcessEvent = { type: 'process.output', output: 'stdout', bytes: piece }
const inputWritten: ProcessEvent = { type: 'process.inputWritten', byteCount: packetBytes }

/** The ways of data through the machines, each alone and all together. */
export const hotPaths: readonly HotPath[] = [
  {
    name: 'channel machine, output',
    event: '32 KiB to send, or a window adjust',
    eventsPerStep: 2,
    prepare: () => channelStep([], [{ type: 'channel.sendData', bytes: piece }, adjustMessage]),
  },
  {
    name: 'channel machine, input',
    event: '32 KiB received, or consumed',
    eventsPerStep: 2,
    prepare: () =>
      channelStep(
        [{ type: 'channel.openWindow' }],
        [dataMessage, { type: 'channel.grant', byteCount: packetBytes }],
      ),
  },
  {
    name: 'session machine, output',
    event: '32 KiB from the process, or taken by the transport',
    eventsPerStep: 2,
    prepare: () => sessionStep([output, { type: 'channel.written', byteCount: packetBytes }]),
  },
  {
    name: 'session machine, input',
    event: '32 KiB from the client, or taken by the process',
    eventsPerStep: 2,
    prepare: () => sessionStep([{ type: 'channel.dataReceived', bytes: piece }, inputWritten]),
  },
  {
    name: 'whole session in its drivers, output',
    event: '32 KiB from process to transport, with its window adjust',
    eventsPerStep: 1,
    prepare: () => {
      const { transport, process } = startedSession()
      return () => {
        process(output)
        transport(adjustMessage)
      }
    },
  },
  {
    name: 'whole session in its drivers, input',
    event: '32 KiB from transport to process, with what re-opens the window',
    eventsPerStep: 1,
    prepare: () => {
      const { transport, process } = startedSession()
      return () => {
        transport(dataMessage)
        process(inputWritten)
      }
    },
  },
]

function received(
  message: Extract<TransportEvent, { type: 'transport.messageReceived' }>['message'],
): TransportEvent {
  return { type: 'transport.messageReceived', message }
}

function channelStep(
  opening: readonly ChannelInput[],
  inputs: readonly ChannelInput[],
): () => void {
  let state: ChannelState = initialChannelState(parameters)
  const run = (each: readonly ChannelInput[]): void => {
    for (const input of each) state = channelTransition(state, input)[0]
  }
  run(opening)
  return () => run(inputs)
}

function sessionStep(events: readonly SessionEvent[]): () => void {
  let state: SessionState = initialSessionState({ ...defaultSettings, peerSoftware: '' })
  const run = (each: readonly SessionEvent[]): void => {
    for (const event of each) state = sessionTransition(state, event)[0]
  }
  run([
    { type: 'channel.requested', requestId: 0, request: exec, wantsReply: true },
    { type: 'program.accepted' },
    { type: 'process.started', outputs: ['stdout', 'stderr'], isTerminal: false },
  ])
  requireRunning(state)
  return () => run(events)
}

/** A session that runs between two ports that only take what they are given. */
function startedSession(): {
  readonly transport: (event: TransportEvent) => void
  readonly process: (event: ProcessEvent) => void
} {
  const transport = createEventSource<TransportEvent>()
  const process = createEventSource<ProcessEvent>()
  const address = { family: 'unix', address: 'bench', port: 0 } as const
  const transportPort: TransportPort = {
    event$: transport.event$,
    perform: () => undefined,
    parameters,
    host: address,
    peer: address,
    peerSoftware: '',
  }
  const processPort: ProcessPort = { event$: process.event$, perform: () => undefined }
  const session = runSession(channelOverTransport(transportPort), { exec: () => processPort })
  let state: SessionState | undefined
  session.state$.subscribe((now) => (state = now)).unsubscribe()
  transport.emit(execMessage as TransportEvent)
  process.emit({ type: 'process.started', outputs: ['stdout', 'stderr'], isTerminal: false })
  session.state$.subscribe((now) => (state = now)).unsubscribe()
  requireRunning(state)
  return { transport: (event) => transport.emit(event), process: (event) => process.emit(event) }
}

/** A machine that stands elsewhere would ignore what it is given, and be fast at it. */
function requireRunning(state: SessionState | undefined): void {
  if (state?.phase !== 'running') throw new Error(`the session is ${String(state?.phase)}`)
}
