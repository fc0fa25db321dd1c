import { describe, expect, it } from '@jest/globals'
import { receivedMessages } from '../src/wire/client-log'

describe('what a client received, read from its log', () => {
  it('is the messages in order, requests by their type, repetitions left out', () => {
    const log = [
      'debug3: send packet: type 98',
      'debug3: receive packet: type 91',
      'debug3: receive packet: type 99',
      'debug2: channel 0: rcvd ext data 4',
      'debug2: channel 0: rcvd ext data 9',
      'debug3: receive packet: type 96',
      'debug3: receive packet: type 98',
      'debug1: client_input_channel_req: channel 0 rtype exit-status reply 0',
      'debug3: receive packet: type 98',
      'debug1: client_input_channel_req: channel 0 rtype eow@openssh.com reply 0',
      'debug3: receive packet: type 97',
    ]
    expect(receivedMessages(log.join('\n'))).toEqual([
      'OPEN_CONFIRMATION',
      'SUCCESS',
      'EXTENDED_DATA',
      'EOF',
      'exit-status',
      'eow@openssh.com',
      'CLOSE',
    ])
  })
})
