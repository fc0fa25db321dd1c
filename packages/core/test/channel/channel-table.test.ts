import { describe, expect, it } from '@jest/globals'
import type { ChannelInput, ChannelState } from '../../src/channel/channel-state'
import { channelTransition } from '../../src/channel/channel-transition'
import { receiveTable } from '../../src/channel/receive-table'
import { sendTable } from '../../src/channel/send-table'
import { receiveCells, sendCells, transportCells } from './channel-cells'
import {
  describeChannelStep,
  received,
  runChannel,
  sampleCommands,
  sampleMessages,
  sampleTransportEvents,
  wayToReceiving,
  wayToSending,
  wayToTransport,
} from './sample-channels'

type Cell = readonly [string, ChannelState, ChannelInput, string]

describe('the receive table', () => {
  const cells = cellsOf(receiveCells, wayToReceiving, (type) => received(sampleMessages[type]))

  it.each(cells)('%s', (_, state, input, expected) => expectCell(state, input, expected))

  it('has no cell that is not in the data, and no more', () => {
    expect(shapeOf(receiveCells)).toEqual(shapeOf(receiveTable))
    expect(cells).toHaveLength(4 * 8)
  })
})

describe('the send table', () => {
  const cells = cellsOf(sendCells, wayToSending, (type) => sampleCommands[type])

  it.each(cells)('%s', (_, state, input, expected) => expectCell(state, input, expected))

  it('has no cell that is not in the data, and no more', () => {
    expect(shapeOf(sendCells)).toEqual(shapeOf(sendTable))
    expect(cells).toHaveLength(4 * 9)
  })
})

describe('what the transport tells', () => {
  const cells = cellsOf(transportCells, wayToTransport, (type) => sampleTransportEvents[type])

  it.each(cells)('%s', (_, state, input, expected) => expectCell(state, input, expected))

  it('is told in every phase of the transport', () => expect(cells).toHaveLength(4 * 4))
})

describe('a channel that is over', () => {
  const ways: Readonly<Record<string, readonly ChannelInput[]>> = {
    closed: [{ type: 'channel.close' }, received({ type: 'close' })],
    lost: [{ type: 'transport.lost', reason: 'reset' }],
  }
  const inputs: readonly ChannelInput[] = [
    ...Object.values(sampleMessages).map(received),
    ...Object.values(sampleCommands),
    ...Object.values(sampleTransportEvents),
  ]
  const cases = Object.keys(ways).flatMap((way) =>
    inputs.map((input) => [way, nameOf(input), input] as const),
  )

  it.each(cases)('that was %s changes nothing at %s', (way, _, input) => {
    const { state } = runChannel(ways[way] ?? [])
    const [after, said] = channelTransition(state, input)
    expect(after).toBe(state)
    const isData = input.type === 'channel.sendData' || input.type === 'channel.sendExtendedData'
    expect(said).toEqual(isData ? [{ type: 'channel.dropped', byteCount: 3 }] : [])
  })
})

/** `ignore` means the very same state and silence. */
function expectCell(state: ChannelState, input: ChannelInput, expected: string): void {
  const step = channelTransition(state, input)
  if (expected !== 'ignore') return expect(describeChannelStep(state, step)).toBe(expected)
  expect(step[0]).toBe(state)
  expect(step[1]).toEqual([])
}

function cellsOf<Phase extends string, Type extends string>(
  data: Readonly<Record<Phase, Readonly<Record<Type, string>>>>,
  wayTo: Readonly<Record<Phase, readonly ChannelInput[]>>,
  inputOf: (type: Type) => ChannelInput,
): readonly Cell[] {
  return (Object.keys(data) as Phase[]).flatMap((phase) =>
    (Object.keys(data[phase]) as Type[]).map((type): Cell => {
      const { state } = runChannel(wayTo[phase])
      return [`${phase}: ${type}`, state, inputOf(type), data[phase][type]]
    }),
  )
}

function shapeOf(table: Readonly<Record<string, object>>): unknown {
  return Object.fromEntries(
    Object.entries(table).map(([phase, row]) => [phase, Object.keys(row).sort()]),
  )
}

function nameOf(input: ChannelInput): string {
  return input.type === 'transport.messageReceived' ? input.message.type : input.type
}
