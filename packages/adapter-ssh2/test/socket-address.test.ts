import { describe, expect, it } from '@jest/globals'
import { socketAddress } from '../src/socket-address'

describe('socketAddress', () => {
  it.each([
    ['192.0.2.1', 22, { family: 'IPv4', address: '192.0.2.1', port: 22 }],
    ['2001:db8::1', 22, { family: 'IPv6', address: '2001:db8::1', port: 22 }],
    ['::ffff:192.0.2.1', 22, { family: 'IPv4', address: '192.0.2.1', port: 22 }],
    [undefined, undefined, { family: 'unix', address: '', port: 0 }],
  ])('reads %s', (address, port, expected) => {
    expect(socketAddress(address, port)).toEqual(expected)
  })
})
