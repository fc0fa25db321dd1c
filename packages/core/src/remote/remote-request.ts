import type { RemoteInputOf, RemoteOutput } from './remote-event'
import { reportedExit } from './remote-report'
import type { RemoteCommon } from './remote-state'

/** Notes what a server reports, and answers whatever it asks, once and at once. */
export function noteRequest<State extends RemoteCommon>(
  state: State,
  event: RemoteInputOf<'channel.requested'>,
): readonly [State, readonly RemoteOutput[]] {
  const { request } = event
  const exit = reportedExit(request)
  if (exit !== undefined) return [{ ...state, exit: state.exit ?? exit }, reply(event, true)]
  const isEndOfInput = request.name === 'eow@openssh.com'
  if (isEndOfInput) return [{ ...state, input: 'closed' }, reply(event, true)]
  return [state, reply(event, false)]
}

/** The same for a program that runs, with the facts that follow. */
export function hearRequest<State extends RemoteCommon>(
  state: State,
  event: RemoteInputOf<'channel.requested'>,
): readonly [State, readonly RemoteOutput[]] {
  const [noted, replies] = noteRequest(state, event)
  const facts: RemoteOutput[] = []
  if (state.input !== 'closed' && noted.input === 'closed') {
    facts.push({ type: 'channel.dropPending', scope: 'all' }, { type: 'process.inputClosed' })
  }
  if (state.exit === null && noted.exit !== null) {
    facts.push({ type: 'process.exited', outcome: noted.exit })
  }
  return [noted, [...replies, ...facts]]
}

function reply(
  { requestId, wantsReply }: RemoteInputOf<'channel.requested'>,
  isSuccess: boolean,
): readonly RemoteOutput[] {
  return wantsReply ? [{ type: 'channel.reply', requestId, isSuccess }] : []
}
