import { describe, expect, it } from '@jest/globals'
import {
  dataReceived,
  received,
  runChannel,
  sampleParameters,
  shutParameters,
} from './sample-channels'
import type { ChannelInput } from '../../src/channel/channel-state'

function grant(byteCount: number): ChannelInput {
  return { type: 'channel.grant', byteCount }
}

const open: ChannelInput = { type: 'channel.openWindow' }

describe('row 1: the window before a program runs', () => {
  it('is shut, and opens whole with the first grant', () => {
    const run = runChannel([grant(0), open], shutParameters)
    expect(run.said).toEqual(['send windowAdjust 100'])
    expect(run.state.inbound.windowBytes).toBe(100)
  })

  it('opens once', () => {
    expect(runChannel([open, open], shutParameters).said).toEqual(['send windowAdjust 100'])
  })

  it('gives nothing back while it is shut', () => {
    const run = runChannel([dataReceived(5), grant(5)], shutParameters)
    expect(run.said).toEqual(['channel.dataReceived 5B'])
  })

  it('was open from the beginning where the transport could not withhold it', () => {
    expect(runChannel([open]).said).toEqual([])
  })
})

describe('row 10: window is given back for consumed bytes only', () => {
  it('announces nothing for bytes received, and half of the window once half was consumed', () => {
    const run = runChannel([dataReceived(60)])
    expect(run.said).toEqual(['channel.dataReceived 60B'])
    expect(runChannel([dataReceived(60), grant(60)]).saidLast).toEqual(['send windowAdjust 60'])
  })

  it('collects small grants until they are due: three packets, or half of the window', () => {
    const inputs = [dataReceived(30), grant(10), grant(10), grant(10)]
    expect(runChannel(inputs).said).toEqual(['channel.dataReceived 30B'])
    const due = runChannel([...inputs, dataReceived(1), grant(1)])
    expect(due.saidLast).toEqual(['send windowAdjust 31'])
  })

  it('never announces more than the whole window, whatever it is granted', () => {
    const run = runChannel([dataReceived(60), grant(500)])
    expect(run.saidLast).toEqual(['send windowAdjust 60'])
    expect(run.state.inbound.windowBytes).toBe(100)
  })

  it('announces nothing to a peer that has said EOF', () => {
    expect(runChannel([dataReceived(60), received({ type: 'eof' }), grant(60)]).saidLast).toEqual(
      [],
    )
  })
})

describe('row 18: a peer that sends past its window', () => {
  it('is allowed 10 % of the whole window as grace', () => {
    const run = runChannel([dataReceived(100), dataReceived(10)])
    expect(run.saidLast).toEqual(['channel.dataReceived 10B'])
  })

  it.each([
    ['at once', [dataReceived(111)]],
    ['little by little', [dataReceived(100), dataReceived(6), dataReceived(5)]],
    [
      'as extended data',
      [received({ type: 'extendedData', dataType: 1, bytes: new Uint8Array(111) })],
    ],
    ['after EOF', [received({ type: 'eof' }), dataReceived(111)]],
  ])('loses the connection when it sends more than that %s', (_, inputs) => {
    const run = runChannel(inputs)
    expect(run.saidLast).toEqual(['disconnect 2'])
    expect(run.state.transport).toBe('disconnecting')
  })

  it('has grace once, not again for every window that it is given', () => {
    const cycle = [grant(60), dataReceived(60), dataReceived(10)]
    const run = runChannel([dataReceived(110), ...cycle, ...cycle])
    expect(run.said).toContain('disconnect 2')
  })

  it('has its grace back when what it sent too much was consumed', () => {
    const run = runChannel([dataReceived(110), grant(110), dataReceived(110), grant(110)])
    expect(run.said).toEqual([
      'channel.dataReceived 110B',
      'send windowAdjust 100',
      'channel.dataReceived 110B',
      'send windowAdjust 100',
    ])
  })

  it('may send after EOF without harm: dropped, told, and given back', () => {
    const run = runChannel([received({ type: 'eof' }), dataReceived(60), dataReceived(60)])
    expect(run.said).toEqual([
      'channel.eofReceived',
      'channel.discarded 60',
      'send windowAdjust 60',
      'channel.discarded 60',
      'send windowAdjust 60',
    ])
  })

  it('says nothing and hears nothing while the connection is being ended', () => {
    const run = runChannel([
      dataReceived(111),
      dataReceived(1),
      { type: 'channel.sendData', bytes: new Uint8Array(4) },
      { type: 'channel.sendExtendedData', dataType: 1, bytes: new Uint8Array(0) },
      { type: 'channel.close' },
      { type: 'transport.lost', reason: 'disconnected' },
    ])
    expect(run.said).toEqual(['disconnect 2', 'channel.dropped 4', 'channel.lost disconnected'])
  })
})

describe('a window that starts open below its maximum', () => {
  it('is announced by what is consumed', () => {
    const run = runChannel([dataReceived(20), grant(20)], {
      ...sampleParameters,
      localWindowBytes: 20,
    })
    expect(run.saidLast).toEqual(['send windowAdjust 20'])
  })
})
