import type { TerminalRequest, TerminalSize } from '../ports/terminal'
import { push } from '../channel/queue'
import type { ChannelRequest } from '../wire/channel-request'
import { acceptVariable, isExactText } from './accepted-environment'
import type { Program, ProgramRequest } from './program'
import type { SessionCommand } from './session-command'
import type { SessionEventOf } from './session-event'
import { cutOutput } from './output-ends'
import type { Opening, SessionState, SessionStep, StateIn } from './session-state'
import { mergeTerminalSize } from './terminal-size'

/** Phases in which a request of the client can still be granted; in all others it is refused. */
type RequestPhase = 'waiting' | 'deciding' | 'starting' | 'running' | 'draining'

type Requested = SessionEventOf<'channel.requested'>

type RequestOf<Name extends ChannelRequest['name']> = Extract<
  ChannelRequest,
  { readonly name: Name }
>

/** Whether the request is granted; `undecided` replies later. */
type Answer<Phase extends RequestPhase> =
  | {
      readonly isGranted: boolean
      readonly state: StateIn<Phase>
      readonly commands: readonly SessionCommand[]
    }
  | { readonly isGranted: 'undecided'; readonly step: SessionStep }

type Rule<Phase extends RequestPhase, Name extends ChannelRequest['name']> =
  | ((state: StateIn<Phase>, request: RequestOf<Name>, event: Requested) => Answer<Phase>)
  | 'refuse'
  | 'defer'

type RequestTable = {
  readonly [Phase in RequestPhase]: {
    readonly [Name in ChannelRequest['name']]: Rule<Phase, Name>
  }
}

/** Requests that only a server sends (RFC 4254 section 6.8, 6.10), and those nobody knows. */
const refusedAlways = {
  'xon-xoff': 'refuse',
  'exit-status': 'refuse',
  'exit-signal': 'refuse',
  unknown: 'refuse',
} as const

/** Once a program was asked for, what would have described it comes too late, and there is no second one. */
const refusedAfterStart = {
  ...refusedAlways,
  'pty-req': 'refuse',
  env: 'refuse',
  'x11-req': 'refuse',
  'auth-agent-req@openssh.com': 'refuse',
  shell: 'refuse',
  exec: 'refuse',
  subsystem: 'refuse',
} as const

/** What a request does, by phase (RFC 4254 section 6). */
const requestTable: RequestTable = {
  waiting: {
    ...refusedAlways,
    'pty-req': acceptTerminal,
    env: acceptEnvironment,
    'x11-req': (state, request) =>
      state.settings.acceptsX11 ? grantWith(open(state, { x11: request })) : refuse(state),
    'auth-agent-req@openssh.com': (state) =>
      state.settings.acceptsAgent
        ? grantWith(open(state, { hasAgentForwarding: true }))
        : refuse(state),
    shell: decide,
    exec: decide,
    subsystem: decide,
    'window-change': (state, request) =>
      grantWith(open(state, { terminal: resized(state.opening.terminal, request.size) })),
    signal: 'refuse',
    break: 'refuse',
    'eow@openssh.com': 'refuse',
  },
  deciding: {
    ...refusedAfterStart,
    'window-change': (state, request) =>
      grantWith({
        ...state,
        program: {
          ...state.program,
          terminal: resized(state.program.terminal, request.size),
        },
      }),
    signal: 'defer',
    break: 'defer',
    'eow@openssh.com': 'defer',
  },
  starting: {
    ...refusedAfterStart,
    'window-change': 'defer',
    signal: 'defer',
    break: 'defer',
    'eow@openssh.com': 'defer',
  },
  running: {
    ...refusedAfterStart,
    'window-change': resize,
    signal: sendSignal,
    break: (state, request) =>
      state.terminalSize === null
        ? refuse(state)
        : grantWith(state, [{ type: 'process.sendBreak', lengthMs: request.lengthMs }]),
    'eow@openssh.com': stopReading,
  },
  draining: {
    ...refusedAfterStart,
    // The terminal outlives the process that was resized.
    'window-change': (state) => grantWith(state),
    signal: 'refuse',
    break: 'refuse',
    'eow@openssh.com': (state) =>
      grantWith({ ...state, outputs: cutOutput(state.outputs, 'stdout') }, stopCommands),
  },
}

/** What may wait for a program to start; no client sends so many signals to a program that does not run yet. */
const maximumDeferred = 1_024

/** Applies a request of the client, and replies where a reply is wanted and can be given now. */
export function applyRequest(state: StateIn<RequestPhase>, event: Requested): SessionStep {
  // The table pairs each name with a rule for that name; TypeScript cannot follow the correlation.
  const rule = requestTable[state.phase][event.request.name] as
    | ((state: SessionState, request: ChannelRequest, event: Requested) => Answer<RequestPhase>)
    | 'refuse'
    | 'defer'
  const isDeferred = rule === 'defer' && state.deferred.length < maximumDeferred
  if (isDeferred) return [{ ...state, deferred: push(state.deferred, event) }, []]
  if (rule === 'defer' || rule === 'refuse') return [state, replyTo(event, false)]
  const answer = rule(state, event.request, event)
  if (answer.isGranted === 'undecided') return answer.step
  return [answer.state, [...answer.commands, ...replyTo(event, answer.isGranted)]]
}

/** The reply to a request, where one is wanted (RFC 4254 section 5.4). */
export function replyTo(
  owed: { readonly requestId: number; readonly wantsReply: boolean } | null,
  isSuccess: boolean,
): readonly SessionCommand[] {
  if (owed === null || !owed.wantsReply) return []
  return [{ type: 'channel.reply', requestId: owed.requestId, isSuccess }]
}

/** One terminal per session, where the owner gives any; a second request for one is refused. */
function acceptTerminal(
  state: StateIn<'waiting'>,
  request: RequestOf<'pty-req'>,
): Answer<'waiting'> {
  const { opening, settings } = state
  if (!settings.acceptsTerminal || opening.terminal !== null) return refuse(state)
  const { terminal } = request
  const size = mergeTerminalSize(terminal.size, terminal.size)
  return grantWith({ ...open(state, { terminal: { ...terminal, size } }), lineEnd: '\r\n' })
}

function acceptEnvironment(
  state: StateIn<'waiting'>,
  request: RequestOf<'env'>,
): Answer<'waiting'> {
  const { variable, value, valueBytes } = request
  if (!isExactText(value, valueBytes)) return refuse(state)
  const { environment } = state.opening
  const accepted = acceptVariable(environment, state.settings.acceptEnv, variable, value)
  return accepted === null ? refuse(state) : grantWith(open(state, { environment: accepted }))
}

function decide(
  state: StateIn<'waiting'>,
  request: ProgramRequest,
  event: Requested,
): Answer<'waiting'> {
  const { opening, ending: _ending, ...common } = state
  const { terminal, environment, x11, hasAgentForwarding } = opening
  const program: Program = {
    request,
    terminal,
    environment: environment.variables,
    x11,
    hasAgentForwarding,
  }
  const owed = { requestId: event.requestId, wantsReply: event.wantsReply }
  return {
    isGranted: 'undecided',
    step: [
      { ...common, phase: 'deciding', opening, owed, program },
      [{ type: 'program.decide', program }],
    ],
  }
}

function resize(state: StateIn<'running'>, request: RequestOf<'window-change'>): Answer<'running'> {
  if (state.terminalSize === null) return grantWith(state)
  const terminalSize = mergeTerminalSize(state.terminalSize, request.size)
  return grantWith({ ...state, terminalSize }, [{ type: 'process.resize', size: terminalSize }])
}

/** As sshd: only the signals of the policy, and none to a subsystem. */
function sendSignal(state: StateIn<'running'>, request: RequestOf<'signal'>): Answer<'running'> {
  const isSubsystem = state.program?.request.name === 'subsystem'
  const isAllowed = state.settings.signals.includes(request.signal)
  if (isSubsystem || !isAllowed) return refuse(state)
  return grantWith(state, [{ type: 'process.signal', signal: request.signal }])
}

function stopReading(state: StateIn<'running'>): Answer<'running'> {
  return grantWith({ ...state, outputs: cutOutput(state.outputs, 'stdout') }, stopCommands)
}

/** The client reads no more: the process gets SIGPIPE (OpenSSH PROTOCOL section 2.1). */
const stopCommands: readonly SessionCommand[] = [
  { type: 'process.closeOutput', output: 'stdout' },
  { type: 'channel.dropPending', scope: 'stdout' },
]

function open(state: StateIn<'waiting'>, change: Partial<Opening>): StateIn<'waiting'> {
  return { ...state, opening: { ...state.opening, ...change } }
}

function resized(terminal: TerminalRequest | null, size: TerminalSize): TerminalRequest | null {
  return terminal === null ? null : { ...terminal, size: mergeTerminalSize(terminal.size, size) }
}

function grantWith<Phase extends RequestPhase>(
  state: StateIn<Phase>,
  commands: readonly SessionCommand[] = [],
): Answer<Phase> {
  return { isGranted: true, state, commands }
}

function refuse<Phase extends RequestPhase>(state: StateIn<Phase>): Answer<Phase> {
  return { isGranted: false, state, commands: [] }
}
