/** One end of a transport connection. */
export interface Address {
  /** Address family; `unix` for local sockets and in-memory transports. */
  readonly family: 'IPv4' | 'IPv6' | 'unix'
  /** Textual IP address, or the path of a local socket. */
  readonly address: string
  /** Port number, 0 where the family has none. */
  readonly port: number
}
