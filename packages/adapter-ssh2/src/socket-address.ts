import type { Address } from '@hawse/core'

/**
 * One end of a socket as an `Address`.
 *
 * A socket that listens on `::` shows IPv4 peers as `::ffff:192.0.2.1`; they are IPv4 here, as they are to sshd.
 * Without an IP address the socket is a local one, whose path Node does not tell.
 */
export function socketAddress(address: string | undefined, port: number | undefined): Address {
  if (address === undefined || address === '') return { family: 'unix', address: '', port: 0 }
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return { family: 'IPv4', address: mapped, port: port ?? 0 }
  return { family: address.includes(':') ? 'IPv6' : 'IPv4', address, port: port ?? 0 }
}
