import { describe, expect, it } from '@jest/globals'
import { initialChannelState } from '../../src/channel/channel-state'
import { channelTransition } from '../../src/channel/channel-transition'
import { sampleParameters, received } from '../channel/sample-channels'
import { sampleState } from '../session/sample-states'
import { sessionTransition } from '../../src/session/session-transition'
import { settled, testBench } from './test-bench'
import { execRequest } from './test-client'

const unknown = { name: 'unknown', requestType: 'x@example.org', data: new Uint8Array(0) } as const

describe('limits on requests', () => {
  it('ends the connection when more requests wait behind a late decision than allowed', async () => {
    const bench = testBench({ handlers: { exec: () => new Promise(() => undefined) } })
    bench.client.exec('cat')
    for (let count = 0; count < 100_000; count += 1) {
      bench.pair.client.perform({ type: 'channel.sendRequest', request: unknown, wantsReply: true })
    }
    await settled()
    const outcome = await bench.session.outcome
    expect(outcome.endedBy).toBe('connectionLost')
    expect(outcome.reason).toContain('more than 1024 requests before the first was answered')
  })

  it('takes another limit, counts only what waits, and answers all of it', () => {
    let state = initialChannelState(sampleParameters, { maximumPendingRequests: 2 })
    const ask = received({ type: 'request', request: unknown, wantsReply: true })
    for (let requestId = 1; requestId <= 10; requestId += 1) {
      const [asked, told] = channelTransition(state, ask)
      expect(told).toEqual([expect.objectContaining({ type: 'channel.requested', requestId })])
      state = channelTransition(asked, { type: 'channel.reply', requestId, isSuccess: false })[0]
    }
    const [one] = channelTransition(state, ask)
    const [two] = channelTransition(one, ask)
    const [, said] = channelTransition(two, ask)
    expect(said).toEqual([expect.objectContaining({ type: 'transport.disconnect', reasonCode: 2 })])
  })

  it('defers at most 1024 signals to a program that does not run yet', () => {
    let state = sampleState('deciding')
    for (let count = 0; count < 2_000; count += 1) {
      state = sessionTransition(state, {
        type: 'channel.requested',
        requestId: 2 + count,
        request: { name: 'signal', signal: 'HUP' },
        wantsReply: false,
      })[0]
    }
    expect(state.phase === 'deciding' && state.deferred.length).toBe(1_024)
  })
})

describe('the limit on a command', () => {
  it('refuses a command that is longer, and says by how much', async () => {
    const bench = testBench({ session: { maximumCommandBytes: 10 } })
    bench.client.request(execRequest('x'.repeat(11)))
    await settled()
    expect(bench.client.stderr()).toBe('the command has 11 bytes; at most 10 are taken here\n')
    expect(bench.asked()).toEqual([])
  })

  it('takes a command of that length', async () => {
    const bench = testBench({ session: { maximumCommandBytes: 10 } })
    bench.client.request(execRequest('x'.repeat(10)))
    await settled()
    expect(bench.asked()).toEqual(['start'])
  })
})
