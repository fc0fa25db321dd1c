import { channelTransition } from '../src/channel/channel-transition'
import type { ChannelInput } from '../src/channel/channel-state'
import { remoteTransition } from '../src/remote/remote-transition'
import type { SessionEvent } from '../src/session/session-event'
import { isIllegal, sessionTransition } from '../src/session/session-transition'
import {
  describeChannelStep,
  received,
  runChannel,
  sampleCommands,
  sampleMessages,
  wayToReceiving,
  wayToSending,
} from './channel/sample-channels'
import {
  nameOfRemoteInput,
  remoteCell,
  remotePhases,
  sampleRemoteInputs,
  sampleRemoteState,
} from './remote/sample-remote'
import { describeStep } from './session/describe-step'
import { sampleEventNames, sampleEvents } from './session/sample-events'
import { requested, sampleRequests } from './session/sample-requests'
import { phases, sampleState, stateAfter, wayTo } from './session/sample-states'

/** The page `docs/state-machine.md`: diagrams and tables of the three machines, made by running them. */
export function stateMachinePage(): string {
  return `${[
    '# The three machines',
    'Made from the machines themselves by `pnpm run docs:write`; a test fails when this page is not up to date.',
    'The essays at the head of `packages/core/src/session/session-state.ts`, `packages/core/src/channel/channel-state.ts` and `packages/core/src/remote/remote-state.ts` explain the phases.',
    '## Session: phases',
    mermaid(sessionEdges()),
    '## Session: every phase and event',
    'A cell reads: next phase, what is counted or changed in the state, commands in order. `ignore`: nothing happens and nothing is wrong. `illegal`: a port broke its contract, and nothing changes. The sample is a session that runs `exec` for a client that wants a reply, with the default settings, and chunks of three bytes.',
    ...phases.flatMap((phase) => [`### ${phase}`, table(['event', 'then'], sessionRows(phase))]),
    '## Session: requests',
    'What a request of the client leads to where it wants a reply (RFC 4254 section 6). Its id in the samples is 9.',
    ...requestPhases.flatMap((phase) => [
      `### ${phase}: requests`,
      table(['request', 'then'], requestRows(phase)),
    ]),
    '## Channel: phases',
    'What the peer has said (receiving) and what was asked of us (sending) are separate; EOF and CLOSE wait behind data. When CLOSE has gone both ways, the channel is over.',
    mermaid(receivingEdges),
    mermaid(sendingEdges),
    '## Channel: inbound messages',
    'A cell reads: receiving/sending, what changes, what is said to the peer (`send`) or to the session (`channel.`).',
    ...Object.entries(wayToReceiving).flatMap(([phase, way]) => [
      `### receiving ${phase}`,
      table(['message', 'then'], channelRows(way, messageInputs)),
    ]),
    '## Channel: commands',
    'The sample channel owes a reply, has 60 bytes of unconsumed input, and 5 bytes of output that wait for window.',
    ...Object.entries(wayToSending).flatMap(([phase, way]) => [
      `### sending ${phase}`,
      table(['command', 'then'], channelRows(way, Object.entries(sampleCommands))),
    ]),
    '## Remote process: phases',
    "A program at the other end of a session channel: the client's side, the mirror of the session.",
    mermaid(remoteEdges()),
    '## Remote process: every phase and input',
    'A cell reads: next phase, what is asked of the channel (`channel.`) and told of the process (`process.`). The sample runs `exec` on an OpenSSH server, on a terminal only in `askingTerminal`.',
    ...remotePhases.flatMap((phase) => [
      `### remote ${phase}`,
      table(['input', 'then'], remoteRows(phase)),
    ]),
  ].join('\n\n')}\n`
}

type Edge = readonly [from: string, to: string, label: string]

const requestPhases = ['waiting', 'deciding', 'starting', 'running', 'draining'] as const

const messageInputs = Object.entries(sampleMessages).map(
  ([name, message]) => [name, received(message)] as const,
)

const receivingEdges: readonly Edge[] = [
  ['[*]', 'open', ''],
  ['open', 'eofReceived', 'EOF'],
  ['open', 'closeReceived', 'CLOSE'],
  ['eofReceived', 'closeReceived', 'CLOSE'],
  ['closeReceived', '[*]', 'our CLOSE is sent'],
]

const sendingEdges: readonly Edge[] = [
  ['[*]', 'open', ''],
  ['open', 'eofQueued', 'channel.sendEof'],
  ['open', 'closeQueued', 'channel.close'],
  ['eofQueued', 'closeQueued', 'channel.close'],
  ['closeQueued', 'closeSent', 'all data before it has left'],
  ['closeSent', '[*]', 'the CLOSE of the peer'],
]

/** Every change of phase that an event makes in the sample states, and in those where output has ended. */
function sessionEdges(): readonly Edge[] {
  const outputEnded = (output: 'stdout' | 'stderr'): SessionEvent => ({
    type: 'process.outputEnded',
    output,
  })
  const states = [
    ...phases.map((phase) => sampleState(phase)),
    stateAfter([...wayTo.running, outputEnded('stdout'), outputEnded('stderr')]),
    stateAfter([...wayTo.draining, outputEnded('stderr')]),
  ]
  const labels = new Map<string, Set<string>>([['[*] --> waiting', new Set()]])
  for (const state of states) {
    for (const name of sampleEventNames) {
      const next = sessionTransition(state, sampleEvents[name])[0].phase
      if (next === state.phase) continue
      const arrow = `${state.phase} --> ${next}`
      labels.set(arrow, (labels.get(arrow) ?? new Set()).add(name))
    }
  }
  labels.set('ended --> [*]', new Set())
  return edgesOf(labels)
}

/** Every change of phase that an input makes in the sample states. */
function remoteEdges(): readonly Edge[] {
  const labels = new Map<string, Set<string>>([['[*] --> idle', new Set()]])
  for (const phase of remotePhases) {
    for (const input of sampleRemoteInputs) {
      const next = remoteTransition(sampleRemoteState(phase), input)[0].phase
      if (next === phase) continue
      const arrow = `${phase} --> ${next}`
      labels.set(arrow, (labels.get(arrow) ?? new Set()).add(nameOfRemoteInput(input)))
    }
  }
  labels.set('over --> [*]', new Set())
  return edgesOf(labels)
}

function remoteRows(phase: (typeof remotePhases)[number]): readonly (readonly string[])[] {
  const state = sampleRemoteState(phase)
  return sampleRemoteInputs.map((input) => [nameOfRemoteInput(input), remoteCell(state, input)])
}

function edgesOf(labels: ReadonlyMap<string, ReadonlySet<string>>): readonly Edge[] {
  return [...labels].map(([arrow, names]): Edge => {
    const [from = '', to = ''] = arrow.split(' --> ')
    return [from, to, [...names].join(', ')]
  })
}

function mermaid(edges: readonly Edge[]): string {
  const lines = edges.map(
    ([from, to, label]) => `    ${from} --> ${to}${label === '' ? '' : ` : ${label}`}`,
  )
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n')
}

function sessionRows(phase: (typeof phases)[number]): readonly (readonly string[])[] {
  const state = sampleState(phase)
  return sampleEventNames.map((name) => [name, sessionCell(state, sampleEvents[name])])
}

function requestRows(phase: (typeof phases)[number]): readonly (readonly string[])[] {
  const state = sampleState(phase)
  return Object.values(sampleRequests).map((request) => [
    request.name,
    sessionCell(state, requested(request)),
  ])
}

function sessionCell(state: ReturnType<typeof sampleState>, event: SessionEvent): string {
  if (isIllegal(state, event)) return 'illegal'
  const step = sessionTransition(state, event)
  return step[0] === state && step[1].length === 0 ? 'ignore' : describeStep(state, step)
}

function channelRows(
  way: readonly ChannelInput[],
  inputs: readonly (readonly [string, ChannelInput])[],
): readonly (readonly string[])[] {
  const { state } = runChannel(way)
  return inputs.map(([name, input]) => {
    const step = channelTransition(state, input)
    const isIgnored = step[0] === state && step[1].length === 0
    return [name, isIgnored ? 'ignore' : describeChannelStep(state, step)]
  })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string, isCode: boolean): string =>
    isCode ? `\`${text}\`` : text.replaceAll(' | ', '; ')
  return [
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${row.map((text, index) => cell(text, index === 0)).join(' | ')} |`),
  ].join('\n')
}
