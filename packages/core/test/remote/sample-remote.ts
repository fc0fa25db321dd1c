import type { RemoteInput } from '../../src/remote/remote-event'
import {
  initialRemoteState,
  type RemotePhase,
  type RemoteState,
  type RemoteStep,
} from '../../src/remote/remote-state'
import { isIllegalRemote, remoteTransition } from '../../src/remote/remote-transition'
import { describeCommand } from '../session/describe-step'
import { program, terminal } from './remote-world'

const start: RemoteInput = { type: 'process.start' }
const opened: RemoteInput = { type: 'remote.opened', peerSoftware: 'OpenSSH_9.2' }
const accepted: RemoteInput = { type: 'channel.replied', isSuccess: true }
const exitStatus: RemoteInput = {
  type: 'channel.requested',
  requestId: 9,
  request: { name: 'exit-status', code: 3 },
  wantsReply: false,
}
const threeBytes = new Uint8Array(3)
const data: RemoteInput = { type: 'channel.dataReceived', bytes: threeBytes }
const running = [start, opened, accepted]

/** What leads to each phase; the program has a terminal only where one is asked for. */
const wayTo: Readonly<Record<RemotePhase, readonly RemoteInput[]>> = {
  idle: [],
  opening: [start],
  abandoned: [start, { type: 'process.disconnect' }],
  askingTerminal: [start, opened],
  starting: [start, opened],
  running,
  leaving: [...running, { type: 'process.disconnect' }],
  draining: [
    ...running,
    { type: 'process.pauseOutput' },
    data,
    exitStatus,
    { type: 'channel.closeReceived' },
  ],
  over: [start, { type: 'remote.openFailed', failure: 'failed', message: 'no route' }],
}

/** Every phase of the remote process machine. */
export const remotePhases = Object.keys(wayTo) as readonly RemotePhase[]

/** One input of each kind. */
export const sampleRemoteInputs: readonly RemoteInput[] = [
  start,
  { type: 'process.lendOutput' },
  { type: 'process.write', bytes: threeBytes },
  { type: 'process.closeInput' },
  { type: 'process.closeOutput', output: 'stdout' },
  { type: 'process.pauseOutput' },
  { type: 'process.resumeOutput' },
  { type: 'process.signal', signal: 'TERM' },
  { type: 'process.resize', size: { columns: 100, rows: 30, widthPixels: 0, heightPixels: 0 } },
  { type: 'process.sendBreak', lengthMs: 0 },
  { type: 'process.disconnect' },
  opened,
  { type: 'remote.openFailed', failure: 'failed', message: 'no route' },
  accepted,
  { type: 'channel.replied', isSuccess: false },
  data,
  { type: 'channel.extendedDataReceived', dataType: 1, bytes: threeBytes },
  { type: 'channel.written', byteCount: 3 },
  { type: 'channel.dropped', byteCount: 3 },
  { type: 'channel.discarded', byteCount: 3 },
  exitStatus,
  { type: 'channel.eofReceived' },
  { type: 'channel.closeReceived' },
  { type: 'channel.closed' },
  { type: 'channel.lost', reason: 'gone' },
  { type: 'remote.deliver' },
]

/** The sample state of a phase. */
export function sampleRemoteState(phase: RemotePhase): RemoteState {
  const initial = initialRemoteState({
    ...program,
    terminal: phase === 'askingTerminal' ? terminal : null,
  })
  const state = wayTo[phase].reduce<RemoteState>(
    (before, input) => remoteTransition(before, input)[0],
    initial,
  )
  if (state.phase !== phase) throw new Error(`the way to ${phase} leads to ${state.phase}`)
  return state
}

/** An input in a few words: its type, and what tells it from others of that type. */
export function nameOfRemoteInput(input: RemoteInput): string {
  if (input.type === 'channel.replied') return `${input.type} ${String(input.isSuccess)}`
  if (input.type === 'channel.requested') return `${input.type} ${input.request.name}`
  return input.type
}

/** What an input leads to, in one line: the next phase, and what is said. */
export function remoteCell(state: RemoteState, input: RemoteInput): string {
  if (isIllegalRemote(state, input)) return 'illegal'
  const step = remoteTransition(state, input)
  return step[0] === state && step[1].length === 0 ? 'ignore' : describeRemoteStep(step)
}

function describeRemoteStep([{ phase }, said]: RemoteStep): string {
  return [phase, said.map(describeCommand).join(', ')].filter((part) => part !== '').join(' | ')
}
