import { encodeUtf8 } from '../platform/text'
import type { ChannelRequest } from '../wire/channel-request'
import { mergeTerminalSize } from '../session/terminal-size'
import type { RemoteInputOf, RemoteOutput } from './remote-event'
import { endWhenDrained, noteEndOfSource, receiveOutput, resumeOutput } from './remote-output'
import { failStart, failWithoutChannel, givenUp, programName, refuseStart } from './remote-refusal'
import { noteRequest } from './remote-request'
import {
  askedLater,
  noChannelYet,
  nothingToAsk,
  openingIsDecided,
  type RemoteRow,
} from './remote-row'
import {
  over,
  type AskingTerminal,
  type Idle,
  type Opening,
  type RemoteCommon,
  type RemoteStep,
  type Starting,
} from './remote-state'

/** Nothing was asked yet. */
export const idleRow: RemoteRow<'idle'> = {
  ...openingIsDecided,
  'remote.deliver': 'illegal',
  ...noChannelYet,
  ...nothingToAsk,
  'process.start': (state) => [{ ...state, phase: 'opening' }, [{ type: 'remote.open' }]],
  'process.resize': setStartSize,
}

/** The channel is being opened. */
export const openingRow: RemoteRow<'opening'> = {
  'remote.opened': ask,
  'remote.openFailed': (_state, input) => failWithoutChannel(input.failure, input.message),
  'remote.deliver': 'illegal',
  ...noChannelYet,
  ...askedLater,
  'process.disconnect': () => {
    const [, said] = failWithoutChannel('failed', givenUp)
    return [{ phase: 'abandoned' }, said]
  },
}

/** Nobody wants the program any more. */
export const abandonedRow: RemoteRow<'abandoned'> = {
  'remote.opened': () => [over, [{ type: 'channel.close' }]],
  'remote.openFailed': () => [over, []],
  'remote.deliver': 'illegal',
  ...noChannelYet,
  ...nothingToAsk,
}

/** The terminal was asked for. */
export const askingTerminalRow: RemoteRow<'askingTerminal'> = {
  ...openingIsDecided,
  'remote.deliver': 'illegal',
  'channel.requested': noteRequest,
  'channel.replied': (state, event) =>
    event.isSuccess ? askProgram(state) : refuseStart(state, 'a terminal'),
  'channel.dataReceived': (state, event) => receiveOutput(state, 0, event.bytes),
  'channel.extendedDataReceived': (state, event) =>
    receiveOutput(state, event.dataType, event.bytes),
  'channel.discarded': 'ignore',
  'channel.eofReceived': noteEndOfSource,
  'channel.closeReceived': closedEarly,
  'channel.written': 'ignore',
  'channel.dropped': 'ignore',
  'channel.closed': 'illegal',
  'channel.lost': (_state, event) => failWithoutChannel('failed', event.reason),
  ...askedLater,
  'process.disconnect': () => failStart('failed', givenUp),
}

/** The program was asked for. */
export const startingRow: RemoteRow<'starting'> = {
  ...openingIsDecided,
  'remote.deliver': 'illegal',
  'channel.requested': noteRequest,
  'channel.replied': (state, event) =>
    event.isSuccess ? begin(state) : refuseStart(state, programName(state)),
  'channel.dataReceived': (state, event) => receiveOutput(state, 0, event.bytes),
  'channel.extendedDataReceived': (state, event) =>
    receiveOutput(state, event.dataType, event.bytes),
  'channel.discarded': 'ignore',
  'channel.eofReceived': noteEndOfSource,
  'channel.closeReceived': closedEarly,
  'channel.written': 'ignore',
  'channel.dropped': 'ignore',
  'channel.closed': 'illegal',
  'channel.lost': (_state, event) => failWithoutChannel('failed', event.reason),
  ...askedLater,
  'process.disconnect': () => failStart('failed', givenUp),
}

function setStartSize(state: Idle, { size }: RemoteInputOf<'process.resize'>): RemoteStep {
  const { terminalSize } = state
  if (terminalSize === null) return [state, []]
  return [{ ...state, terminalSize: mergeTerminalSize(terminalSize, size) }, []]
}

/** Asks for the terminal first, and for the program once it is there. */
function ask(state: Opening, { peerSoftware }: RemoteInputOf<'remote.opened'>): RemoteStep {
  const { terminal } = state.program
  const opened = { ...state, peerSoftware }
  if (terminal === null || state.terminalSize === null) return askProgram(opened)
  const request: ChannelRequest = {
    name: 'pty-req',
    terminal: { ...terminal, size: state.terminalSize },
  }
  return [{ ...opened, phase: 'askingTerminal' }, [sendRequest(request, true)]]
}

/** Variables go first, and nobody answers for them, as with OpenSSH's client. */
function askProgram(state: Opening | AskingTerminal): RemoteStep {
  const { request, environment } = state.program
  const variables = Object.entries(environment).map(([variable, value]) =>
    sendRequest({ name: 'env', variable, value, valueBytes: encodeUtf8(value) }, false),
  )
  return [{ ...state, phase: 'starting' }, [...variables, sendRequest(request, true)]]
}

/** The program runs; what its server told of it before comes now. */
function begin(state: Starting): RemoteStep {
  const [flowing, turns] = resumeOutput(state)
  const [ended, ends] = endWhenDrained(flowing)
  return [{ ...ended, phase: 'running' }, [...startFacts(state), ...turns, ...ends]]
}

function startFacts({ terminalSize, input, exit }: RemoteCommon): readonly RemoteOutput[] {
  const isTerminal = terminalSize !== null
  const facts: RemoteOutput[] = [
    {
      type: 'process.started',
      outputs: isTerminal ? ['stdout'] : ['stdout', 'stderr'],
      isTerminal,
    },
  ]
  if (input === 'closed') facts.push({ type: 'process.inputClosed' })
  if (exit !== null) facts.push({ type: 'process.exited', outcome: exit })
  return facts
}

function closedEarly(): RemoteStep {
  return failStart('failed', 'the server closed the channel before it answered')
}

function sendRequest(request: ChannelRequest, wantsReply: boolean): RemoteOutput {
  return { type: 'channel.sendRequest', request, wantsReply }
}
