import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { initialChannelState, type ChannelInput } from '../../src/channel/channel-state'
import { toArray } from '../../src/channel/queue'
import type { ChannelParameters } from '../../src/ports/transport-port'
import { checkedChannelStep, silentChannel } from './channel-observer'
import { received, runChannel, sampleMessages, sendData } from './sample-channels'

const bytes = fc.uint8Array({ maxLength: 40 })
const dataType = fc.integer({ min: 1, max: 3 })

const input: fc.Arbitrary<ChannelInput> = fc.oneof(
  fc.nat(60).map((byteCount) => received({ type: 'windowAdjust', byteCount })),
  bytes.map((bytes) => received({ type: 'data', bytes })),
  fc
    .tuple(dataType, bytes)
    .map(([dataType, bytes]) => received({ type: 'extendedData', dataType, bytes })),
  fc
    .constantFrom(...Object.values(sampleMessages))
    .filter(({ type }) => type !== 'data' && type !== 'extendedData')
    .map(received),
  fc.record({ type: fc.constant('channel.sendData' as const), bytes }),
  fc.record({ type: fc.constant('channel.sendExtendedData' as const), dataType, bytes }),
  fc.record({ type: fc.constant('channel.grant' as const), byteCount: fc.nat(60) }),
  fc.record({
    type: fc.constantFrom(
      'channel.openWindow' as const,
      'channel.sendEof' as const,
      'channel.close' as const,
      'transport.blocked' as const,
      'transport.unblocked' as const,
    ),
  }),
  fc.record({
    type: fc.constant('channel.dropPending' as const),
    scope: fc.constantFrom('stdout' as const, 'all' as const),
  }),
  fc.record({
    type: fc.constant('channel.reply' as const),
    requestId: fc.nat(6),
    isSuccess: fc.boolean(),
  }),
  fc.constant<ChannelInput>({
    type: 'channel.sendRequest',
    request: { name: 'exit-status', code: 0 },
    wantsReply: false,
  }),
)

/** Once in a while the connection ends. */
const inputs = fc
  .tuple(fc.array(input, { maxLength: 80 }), fc.boolean(), fc.array(input, { maxLength: 10 }))
  .map(([before, isLost, after]): readonly ChannelInput[] =>
    isLost ? [...before, { type: 'transport.lost', reason: 'reset' }, ...after] : before,
  )

const parameters: fc.Arbitrary<ChannelParameters> = fc
  .record({
    localMaximumWindowBytes: fc.integer({ min: 1, max: 100 }),
    localMaximumPacketBytes: fc.integer({ min: 1, max: 50 }),
    remoteWindowBytes: fc.nat(100),
    remoteMaximumPacketBytes: fc.nat(50),
    isWithheld: fc.boolean(),
  })
  .map(({ isWithheld, ...agreed }) => ({
    ...agreed,
    localWindowBytes: isWithheld ? 0 : agreed.localMaximumWindowBytes,
  }))

describe('the channel machine, told anything in any order', () => {
  it('never throws, and keeps every promise at each step', () => {
    const property = fc.property(inputs, parameters, (sequence, agreed) => {
      let state = initialChannelState(agreed)
      let heard = silentChannel(agreed)
      for (const next of sequence) [state, heard] = checkedChannelStep(state, next, heard)
    })
    expect(() => fc.assert(property, { numRuns: 1000 })).not.toThrow()
  })
})

describe('what a channel sends', () => {
  it('row 18: ends the connection of a peer that raises the window above 2^32 - 1', () => {
    const adjust = (byteCount: number) => received({ type: 'windowAdjust', byteCount })
    expect(runChannel([adjust(4_294_967_195)]).said).toEqual([])
    expect(runChannel([adjust(4_294_967_196)]).said).toEqual(['disconnect 2'])
  })

  it('row 12: drops of stdout only, and keeps stderr, EOF and order', () => {
    const { state, saidLast } = runChannel([
      sendData(100),
      sendData(4),
      { type: 'channel.sendExtendedData', dataType: 1, bytes: new Uint8Array(5) },
      { type: 'channel.sendEof' },
      { type: 'channel.dropPending', scope: 'stdout' },
    ])
    expect(saidLast).toEqual(['channel.dropped 4'])
    const kinds = toArray(state.outbound.queue).map(({ kind }) => kind)
    expect(kinds).toEqual(['data', 'eof'])
  })

  it('row 20: no EOF after the CLOSE of the peer, as sshd', () => {
    const afterClose = runChannel([
      received({ type: 'close' }),
      { type: 'channel.sendEof' },
      sendData(3),
      { type: 'channel.close' },
    ])
    expect(afterClose.said).toEqual([
      'channel.closeReceived',
      'channel.dropped 3',
      'send close',
      'release',
      'channel.closed',
    ])
    const data = runChannel([received({ type: 'close' }), sendData(3), sendData(0)])
    expect(data.said).toEqual(['channel.closeReceived', 'channel.dropped 3'])
  })

  it('row 23: a CLOSE of the peer frees a CLOSE that waits behind data and EOF', () => {
    const run = runChannel([
      sendData(105),
      { type: 'channel.sendEof' },
      { type: 'channel.close' },
      received({ type: 'close' }),
    ])
    expect(run.saidLast).toEqual([
      'channel.dropped 5',
      'channel.closeReceived',
      'send close',
      'release',
      'channel.closed',
    ])
  })

  it('row 4: answers every request that is owed before CLOSE, and an undecided one by failure', () => {
    const ask = received(sampleMessages.request)
    const run = runChannel([
      ask,
      ask,
      { type: 'channel.reply', requestId: 2, isSuccess: true },
      { type: 'channel.close' },
    ])
    expect(run.saidLast).toEqual(['send failure', 'send success', 'send close'])
  })

  it('row 4: an answer to an unknown or decided request changes nothing', () => {
    const ask = received(sampleMessages.request)
    const run = runChannel([
      ask,
      ask,
      { type: 'channel.reply', requestId: 9, isSuccess: true },
      { type: 'channel.reply', requestId: 2, isSuccess: true },
      { type: 'channel.reply', requestId: 2, isSuccess: false },
      { type: 'channel.reply', requestId: 1, isSuccess: false },
    ])
    expect(run.saidLast).toEqual(['send failure', 'send success'])
  })

  it('an answer to no question is ignored', () => {
    expect(runChannel([received({ type: 'success' }), received({ type: 'failure' })]).said).toEqual(
      [],
    )
  })

  it('data after EOF or CLOSE was asked for is dropped, and an empty chunk is nothing', () => {
    const run = runChannel([{ type: 'channel.sendEof' }, sendData(3), sendData(0)])
    expect(run.said).toEqual(['send eof', 'channel.dropped 3'])
  })
})
