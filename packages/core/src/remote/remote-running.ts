import { lost, unreported, type ExitOutcome } from '../ports/exit-outcome'
import { mergeTerminalSize } from '../session/terminal-size'
import type { ChannelRequest } from '../wire/channel-request'
import type { RemoteInputOf, RemoteOutput } from './remote-event'
import {
  cutOutput,
  deliverHeld,
  endOutputs,
  endSource,
  openOutputs,
  pauseOutput,
  receiveOutput,
  resumeOutput,
} from './remote-output'
import { hearRequest } from './remote-request'
import { openingIsDecided, type RemoteRow } from './remote-row'
import type { RemoteOutputs, RemoteStep, Running } from './remote-state'

/** The program runs and bytes flow. */
export const runningRow: RemoteRow<'running'> = {
  ...openingIsDecided,
  'remote.deliver': deliverHeld,
  'channel.requested': hearRequest,
  // Nothing that is asked of a program that runs wants an answer.
  'channel.replied': 'ignore',
  'channel.dataReceived': receiveData,
  'channel.extendedDataReceived': (state, event) =>
    receiveOutput(state, event.dataType, event.bytes),
  'channel.discarded': 'ignore',
  'channel.eofReceived': endSource,
  'channel.closeReceived': (state) => {
    const [drained, said] = drain(state, unreported('the server closed without a report'))
    return [drained, [{ type: 'channel.close' }, ...said]]
  },
  'channel.written': (state, event) => [
    state,
    [{ type: 'process.inputWritten', byteCount: event.byteCount }],
  ],
  // Input that the program did not want, which is told, or that was given up with the channel.
  'channel.dropped': 'ignore',
  'channel.closed': 'illegal',
  'channel.lost': (state, event) => drain(state, lost(event.reason)),
  'process.start': 'ignore',
  'process.lendOutput': 'ignore',
  'process.write': (state, { bytes }) =>
    state.input === 'open' ? [state, [{ type: 'channel.sendData', bytes }]] : [state, []],
  'process.closeInput': closeInput,
  'process.closeOutput': closeOutput,
  'process.pauseOutput': pauseOutput,
  'process.resumeOutput': resumeOutput,
  'process.signal': (state, { signal }) => askRunning(state, { name: 'signal', signal }),
  'process.resize': resize,
  'process.sendBreak': sendBreak,
  'process.disconnect': (state) => leave(state, [{ type: 'channel.dropPending', scope: 'all' }]),
}

/** The channel ends before its output was passed on; an exit that was not reported is now known not to be. */
function drain(state: Running, exit: ExitOutcome): RemoteStep {
  const [ended, ends] = endSource(state)
  const facts: readonly RemoteOutput[] =
    state.exit === null ? [{ type: 'process.exited', outcome: exit }] : []
  return [{ ...ended, phase: 'draining', exit: state.exit ?? exit }, [...ends, ...facts]]
}

/** A half close: the channel goes on. A terminal has no end of input. */
function closeInput(state: Running): RemoteStep {
  if (state.input !== 'open' || state.terminalSize !== null) return [state, []]
  const ended: Running = { ...state, input: 'ended' }
  const [next, said] = leaveWhenUnwanted(ended)
  return [next, [{ type: 'channel.sendEof' }, ...said]]
}

/**
 * A server of OpenSSH is told that nobody wants standard output, so that its writer gets SIGPIPE; of any other it is
 * consumed. It is told once more of it comes: sshd that was told closes the channel with the end of the program, and
 * loses what was said on standard error just before.
 */
function receiveData(state: Running, { bytes }: RemoteInputOf<'channel.dataReceived'>): RemoteStep {
  const [received, said] = receiveOutput(state, 0, bytes)
  if (state.outputs.stdout !== 'cut' || !state.peerSoftware.startsWith('OpenSSH')) {
    return [received, said]
  }
  const outputs: RemoteOutputs = { ...received.outputs, stdout: 'refused' }
  return [{ ...received, outputs }, [...said, request({ name: 'eow@openssh.com' })]]
}

function closeOutput(state: Running, { output }: RemoteInputOf<'process.closeOutput'>): RemoteStep {
  if (state.outputs[output] !== 'open') return [state, []]
  const [cut, said] = cutOutput(state, output)
  const [next, more] = leaveWhenUnwanted(cut)
  return [next, [...said, ...more]]
}

/** Input that is queued still reaches the program; then it is freed, for nobody wants anything of it any more. */
function leaveWhenUnwanted(state: Running): RemoteStep {
  const hasInput = state.input === 'open' && state.terminalSize === null
  const isUnwanted = openOutputs(state.outputs).length === 0 && state.outputs.source === 'open'
  return isUnwanted && !hasInput ? leave(state, []) : [state, []]
}

/** Closes the channel; only the report is awaited, where it did not come before. */
function leave(state: Running, first: readonly RemoteOutput[]): RemoteStep {
  const said = [...first, ...endOutputs(state), { type: 'channel.close' } as const]
  return [{ phase: state.exit === null ? 'leaving' : 'over' }, said]
}

function resize(state: Running, { size }: RemoteInputOf<'process.resize'>): RemoteStep {
  const { terminalSize } = state
  if (terminalSize === null) return [state, []]
  const merged = mergeTerminalSize(terminalSize, size)
  return askRunning({ ...state, terminalSize: merged }, { name: 'window-change', size: merged })
}

/** RFC 4335; 0 is the default length, and stands for what is no length. */
function sendBreak(state: Running, command: RemoteInputOf<'process.sendBreak'>): RemoteStep {
  if (state.terminalSize === null) return [state, []]
  const lengthMs = command.lengthMs >= 0 ? Math.min(Math.floor(command.lengthMs), longestMs) : 0
  return askRunning(state, { name: 'break', lengthMs })
}

/** Largest uint32. */
const longestMs = 4_294_967_295

/** Asks something of the program, unless it has ended. */
function askRunning(state: Running, asked: ChannelRequest): RemoteStep {
  return [state, state.exit === null ? [request(asked)] : []]
}

function request(asked: ChannelRequest): RemoteOutput {
  return { type: 'channel.sendRequest', request: asked, wantsReply: false }
}
