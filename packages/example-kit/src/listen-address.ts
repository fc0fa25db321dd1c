import { isIPv6 } from 'node:net'
import { usageError } from './start-error'

/** Where to listen: a host name or IP address without brackets, and a port (0: any free one). */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** Reads `HOST:PORT`, with brackets around an IPv6 address; throws a `StartError` on anything else. */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  const isBracketedWrongly = match?.[1] !== undefined && !isIPv6(match[1])
  if (match === null || port > 65_535 || isBracketedWrongly) {
    throw usageError(
      `--listen ${text}: expected HOST:PORT with a port of 0 to 65535, such as 127.0.0.1:2222 or [::1]:2222`,
    )
  }
  return { host: match[1] ?? match[2] ?? '', port }
}

/** `HOST:PORT`, with brackets around an IPv6 address. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** The host that a client on this machine connects to: loopback where we listen on every address. */
export function connectHost(listenHost: string): string {
  if (listenHost === '0.0.0.0') return '127.0.0.1'
  return listenHost === '::' ? '::1' : listenHost
}
