import { describe, expect, it } from '@jest/globals'
import { toArray } from '../../src/channel/queue'
import type { SessionCommand } from '../../src/session/session-command'
import type { SessionEvent } from '../../src/session/session-event'
import type { SessionState } from '../../src/session/session-state'
import { sessionTransition } from '../../src/session/session-transition'
import { exited } from '../../src/ports/exit-outcome'
import { sampleState, started } from './sample-states'

const byteCount = 100_000
const singleBytes: readonly SessionEvent[] = Array.from({ length: byteCount }, (_, index) => ({
  type: 'channel.dataReceived',
  bytes: Uint8Array.of(index % 251),
}))
const sent = Buffer.from(Array.from({ length: byteCount }, (_, index) => index % 251))

/** Runs events and collects what the machine said. */
function run(
  state: SessionState,
  events: readonly SessionEvent[],
): { readonly state: SessionState; readonly commands: readonly SessionCommand[] } {
  const commands: SessionCommand[] = []
  for (const event of events) {
    const [next, said] = sessionTransition(state, event)
    state = next
    commands.push(...said)
  }
  return { state, commands }
}

function written(commands: readonly SessionCommand[]): readonly Uint8Array[] {
  return commands.flatMap((command) => (command.type === 'process.write' ? [command.bytes] : []))
}

describe('a client that sends a byte at a time', () => {
  it.each(['waiting', 'deciding', 'starting'] as const)(
    'costs few deferred events while the session is %s',
    (phase) => {
      const { state } = run(sampleState(phase), singleBytes)
      if (state.phase === 'ended') throw new Error('the session ended')
      expect(toArray(state.deferred).length).toBeLessThan(byteCount / 4_096 + 100)
    },
  )

  it('has its early bytes delivered first, all and in order', () => {
    const early = run(sampleState('starting'), singleBytes)
    const { commands } = run(early.state, [started, { type: 'channel.eofReceived' }])
    expect(Buffer.concat(written(commands))).toEqual(sent)
    expect(commands.at(-1)).toEqual({ type: 'process.closeInput' })
  })

  it('costs a process that does not read 1024 writes at most', () => {
    const { state, commands } = run(sampleState('running'), singleBytes)
    expect(written(commands)).toHaveLength(1_024)
    if (state.phase !== 'running') throw new Error(`the session is ${state.phase}`)
    expect(state.input.pendingBytes).toBe(byteCount)
    expect(toArray(state.input.held).length).toBeLessThan(byteCount / 4_096 + 100)
  })

  it('has all bytes written in order when the process reads again', () => {
    const first = run(sampleState('running'), singleBytes)
    const next = run(first.state, [{ type: 'process.inputWritten', byteCount: 1_024 }])
    const grants = next.commands.flatMap((command) =>
      command.type === 'channel.grant' ? [command.byteCount] : [],
    )
    expect(grants).toEqual([1_024])
    expect(Buffer.concat([...written(first.commands), ...written(next.commands)])).toEqual(sent)
  })

  it.each([
    ['its EOF', { type: 'channel.eofReceived' }],
    ['its CLOSE', { type: 'channel.closeReceived' }],
    ['the end that the owner gives', { type: 'session.loseConnection', reason: 'given up' }],
  ] as const)('has all bytes written before %s closes the input', (_name, event) => {
    const { commands } = run(sampleState('running'), [...singleBytes, event])
    expect(Buffer.concat(written(commands))).toEqual(sent)
    const types = commands.map(({ type }) => type)
    expect(types.lastIndexOf('process.write')).toBeLessThan(types.indexOf('process.closeInput'))
  })

  it.each([
    ['closes its input', [{ type: 'process.inputClosed' }]],
    ['exits', [{ type: 'process.exited', outcome: exited(0) }]],
    [
      'outlives the connection',
      [
        { type: 'channel.lost', reason: 'reset' },
        { type: 'process.inputWritten', byteCount: 0 },
        { type: 'process.exited', outcome: exited(0) },
      ],
    ],
  ] as const)('has what was held counted as dropped when the process %s', (_name, events) => {
    const { state, commands } = run(sampleState('running'), [...singleBytes, ...events])
    const traffic = state.phase === 'ended' ? state.outcome.traffic : state.traffic
    expect(traffic.droppedInputBytes).toBe(byteCount)
    expect(written(commands)).toHaveLength(1_024)
  })

  it('costs nothing where its messages are empty', () => {
    const empty: SessionEvent = { type: 'channel.dataReceived', bytes: new Uint8Array(0) }
    const { commands } = run(sampleState('running'), [empty, empty])
    expect(commands).toEqual([])
    const { state } = run(sampleState('deciding'), [empty, empty, empty])
    expect(state.phase === 'deciding' && state.deferred.length).toBe(1)
  })
})
