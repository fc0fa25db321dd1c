import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { pop } from '../../src/channel/queue'
import type { RemoteInput, RemoteOutput } from '../../src/remote/remote-event'
import { initialRemoteState, type RemoteState } from '../../src/remote/remote-state'
import { isIllegalRemote, remoteTransition } from '../../src/remote/remote-transition'
import { program, terminal } from './remote-world'

const bytes = fc.uint8Array({ maxLength: 20 })
const output = fc.constantFrom('stdout' as const, 'stderr' as const)
const reason = fc.constantFrom('', 'a reason', 'two\r\nlines')
const size = { columns: 9, rows: 9, widthPixels: 0, heightPixels: 0 }
const requests = fc.constantFrom(
  { name: 'exit-status', code: 3 } as const,
  {
    name: 'exit-signal',
    signal: 'BUS',
    hasCoreDumped: true,
    message: '',
    languageTag: '',
  } as const,
  { name: 'eow@openssh.com' } as const,
  { name: 'unknown', requestType: 'keepalive@openssh.com', data: new Uint8Array() } as const,
)

/** Any input at all, in any order: also those that no port may give. */
const input: fc.Arbitrary<RemoteInput> = fc.oneof(
  fc.record({
    type: fc.constantFrom(
      'process.start' as const,
      'process.lendOutput' as const,
      'process.closeInput' as const,
      'process.pauseOutput' as const,
      'process.resumeOutput' as const,
      'process.disconnect' as const,
      'remote.deliver' as const,
      'channel.eofReceived' as const,
      'channel.closeReceived' as const,
      'channel.closed' as const,
    ),
  }),
  fc.record({ type: fc.constant('process.write' as const), bytes }),
  fc.record({ type: fc.constant('process.closeOutput' as const), output }),
  fc.record({ type: fc.constant('process.signal' as const), signal: fc.constant('TERM') }),
  fc.record({ type: fc.constant('process.resize' as const), size: fc.constant(size) }),
  fc.record({ type: fc.constant('process.sendBreak' as const), lengthMs: fc.nat(9) }),
  fc.record({
    type: fc.constant('remote.opened' as const),
    peerSoftware: fc.constantFrom('', 'OpenSSH_9.2'),
  }),
  fc.record({
    type: fc.constant('remote.openFailed' as const),
    failure: fc.constant('failed' as const),
    message: reason,
  }),
  fc.record({
    type: fc.constant('channel.requested' as const),
    requestId: fc.nat(9),
    request: requests,
    wantsReply: fc.boolean(),
  }),
  fc.record({ type: fc.constant('channel.replied' as const), isSuccess: fc.boolean() }),
  fc.record({ type: fc.constant('channel.dataReceived' as const), bytes }),
  fc.record({
    type: fc.constant('channel.extendedDataReceived' as const),
    dataType: fc.nat(3),
    bytes,
  }),
  fc.record({
    type: fc.constantFrom(
      'channel.discarded' as const,
      'channel.written' as const,
      'channel.dropped' as const,
    ),
    byteCount: fc.nat(40),
  }),
  fc.record({ type: fc.constant('channel.lost' as const), reason }),
)

/** The way to a program that runs, on a terminal and without; random inputs alone seldom come so far. */
const way: readonly RemoteInput[] = [
  { type: 'process.start' },
  { type: 'remote.opened', peerSoftware: 'OpenSSH_9.2' },
  { type: 'channel.replied', isSuccess: true },
  { type: 'channel.replied', isSuccess: true },
]

/** What was said until now, as the promises of a process port count it. */
interface Heard {
  readonly receivedBytes: number
  readonly grantedBytes: number
  readonly toldBytes: number
  readonly facts: readonly string[]
}

const nothing: Heard = { receivedBytes: 0, grantedBytes: 0, toldBytes: 0, facts: [] }

describe('the remote process machine, given anything in any order', () => {
  it('never throws, and keeps every promise of a process port at each step', () => {
    const property = fc.property(
      fc.nat(way.length),
      fc.array(input, { maxLength: 80 }),
      fc.boolean(),
      (wayLength, inputs, hasTerminal) => {
        let state: RemoteState = initialRemoteState({
          ...program,
          terminal: hasTerminal ? terminal : null,
        })
        let heard = nothing
        for (const next of [...way.slice(0, wayLength), ...inputs])
          [state, heard] = checkedStep(state, next, heard)
      },
    )
    expect(() => fc.assert(property, { numRuns: 2000 })).not.toThrow()
  })
})

function checkedStep(state: RemoteState, next: RemoteInput, before: Heard): [RemoteState, Heard] {
  const [after, said] = remoteTransition(state, next)
  if (isIllegalRemote(state, next)) requireThat(after === state && said.length === 0, 'illegal')
  const isData =
    next.type === 'channel.dataReceived' || next.type === 'channel.extendedDataReceived'
  const receivedBytes =
    before.receivedBytes + (isData && !isIllegalRemote(state, next) ? next.bytes.length : 0)
  let heard: Heard = { ...before, receivedBytes }
  for (const one of said) heard = hear(heard, one)
  requireThat(heard.grantedBytes <= heard.receivedBytes, 'more granted than was received')
  requireThat(heard.toldBytes <= heard.receivedBytes, 'more told than was received')
  // The server may send again what was passed on, and no more.
  if (after.phase === 'running' && pop(after.outputs.held) === undefined)
    requireThat(
      heard.grantedBytes === heard.receivedBytes,
      'not all is granted, and nothing is held',
    )
  return [after, heard]
}

function hear(heard: Heard, said: RemoteOutput): Heard {
  if (said.type === 'channel.grant')
    return { ...heard, grantedBytes: heard.grantedBytes + said.byteCount }
  if (!said.type.startsWith('process.') && said.type !== 'remote.ended') return heard
  const fact = 'output' in said ? `${said.type} ${said.output}` : said.type
  const { facts } = heard
  requireThat(!facts.includes('remote.ended'), `${fact} after the end`)
  if (said.type === 'process.started' || said.type === 'process.startFailed')
    requireThat(facts.length === 0, `${fact} after ${facts.join(', ')}`)
  else if (said.type !== 'remote.ended') {
    requireThat(facts.includes('process.started'), `${fact} before process.started`)
    requireThat(!facts.includes('process.startFailed'), `${fact} after process.startFailed`)
  }
  if (said.type === 'process.output')
    requireThat(!facts.includes(`process.outputEnded ${said.output}`), `${fact} after its end`)
  const isOnce = ['process.outputEnded', 'process.exited', 'process.inputClosed'].includes(
    said.type,
  )
  if (isOnce) requireThat(!facts.includes(fact), `${fact} twice`)
  const toldBytes = heard.toldBytes + (said.type === 'process.output' ? said.bytes.length : 0)
  return { ...heard, toldBytes, facts: [...facts, fact] }
}

function requireThat(holds: boolean, promise: string): void {
  if (!holds) throw new Error(`broken promise: ${promise}`)
}
