import { expect, it } from '@jest/globals'
import {
  channelTransition,
  drive,
  initialChannelState,
  isChannelOver,
  type ChannelInput,
  type ChannelOutput,
  type ChannelState,
} from '../src'

it('lets anyone run a machine: the public transition in the public driver, to its end', () => {
  const said: string[] = []
  const machine = drive<ChannelState, ChannelInput, ChannelOutput>({
    initial: initialChannelState({
      localWindowBytes: 0,
      localMaximumWindowBytes: 100,
      localMaximumPacketBytes: 10,
      remoteWindowBytes: 100,
      remoteMaximumPacketBytes: 10,
    }),
    transition: channelTransition,
    perform: (output) => {
      said.push(output.type === 'transport.send' ? output.message.type : output.type)
    },
  })
  machine.dispatch({ type: 'channel.openWindow' })
  machine.dispatch({ type: 'channel.sendData', bytes: new Uint8Array(15) })
  machine.dispatch({ type: 'channel.sendEof' })
  machine.dispatch({ type: 'channel.close' })
  machine.dispatch({ type: 'transport.messageReceived', message: { type: 'close' } })
  expect(said).toEqual([
    'windowAdjust',
    'data',
    'data',
    'channel.written',
    'eof',
    'close',
    'transport.release',
    'channel.closed',
  ])
  expect(isChannelOver(machine.current())).toBe(true)
})
