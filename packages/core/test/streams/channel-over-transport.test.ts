import { describe, expect, it } from '@jest/globals'
import { Subject } from 'rxjs'
import type { ChannelEvent, ChannelPort } from '../../src/ports/channel-port'
import type { TransportCommand, TransportEvent } from '../../src/ports/transport-port'
import { channelOverTransport } from '../../src/streams/channel-over-transport'
import { memoryTransportPair } from '../../src/testing/memory-transport'

const nowhere = { family: 'unix', address: '', port: 0 } as const

/** A channel on a transport whose answers to each command are given by the test. */
function channelOn(answer: (command: TransportCommand) => TransportEvent | undefined): {
  readonly channel: ChannelPort
  readonly told: string[]
  readonly receive: (event: TransportEvent) => void
} {
  const events = new Subject<TransportEvent>()
  const channel = channelOverTransport({
    event$: events,
    parameters: memoryTransportPair()[0].parameters,
    host: nowhere,
    peer: nowhere,
    peerSoftware: '',
    perform: (command) => {
      const event = answer(command)
      if (event !== undefined) events.next(event)
    },
  })
  const told: string[] = []
  channel.event$.subscribe({
    next: (event: ChannelEvent) => told.push(event.type),
    complete: () => told.push('complete'),
  })
  return { channel, told, receive: (event) => events.next(event) }
}

const closeReceived: TransportEvent = {
  type: 'transport.messageReceived',
  message: { type: 'close' },
}

describe('channelOverTransport', () => {
  it('tells channel.closed and completes when both CLOSEs are through', () => {
    const { channel, told, receive } = channelOn(() => undefined)
    receive(closeReceived)
    channel.perform({ type: 'channel.close' })
    expect(told).toEqual(['channel.closeReceived', 'channel.closed', 'complete'])
  })

  it('tells channel.closed also when the transport reports a full socket while CLOSE is sent', () => {
    const { channel, told, receive } = channelOn((command) =>
      command.type === 'transport.send' ? { type: 'transport.blocked' } : undefined,
    )
    receive(closeReceived)
    channel.perform({ type: 'channel.close' })
    expect(told).toEqual(['channel.closeReceived', 'channel.closed', 'complete'])
  })

  it('tells nothing after channel.lost', () => {
    const { channel, told, receive } = channelOn(() => undefined)
    receive({ type: 'transport.lost', reason: 'reset' })
    channel.perform({ type: 'channel.sendData', bytes: Uint8Array.of(1) })
    receive(closeReceived)
    expect(told).toEqual(['channel.lost', 'complete'])
  })

  it('keeps order when sending causes an answer before it returns', () => {
    const { channel, told } = channelOn((command) => {
      const isData = command.type === 'transport.send' && command.message.type === 'data'
      return isData ? closeReceived : undefined
    })
    channel.perform({ type: 'channel.sendData', bytes: Uint8Array.of(1, 2, 3) })
    expect(told).toEqual(['channel.written', 'channel.closeReceived'])
  })
})
