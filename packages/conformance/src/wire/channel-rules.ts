import type { ReceivedMessage } from './received-message'

/** What a channel allows the server. */
export interface Allowance {
  /** Data that it may still send. */
  readonly windowBytes: number
  readonly maximumPacketBytes: number
  /** Requests that wait for their reply. */
  readonly awaitedReplies: number
  /** What it has sent. */
  readonly messages: readonly ReceivedMessage[]
}

/** The rule that the next message of a server breaks (RFC 4254 section 5); undefined where it breaks none. */
export function brokenRule(
  { windowBytes, maximumPacketBytes, awaitedReplies, messages }: Allowance,
  { name, bytes }: ReceivedMessage,
): string | undefined {
  const has = (earlier: string): boolean => messages.some((message) => message.name === earlier)
  const isData = name === 'DATA' || name === 'EXTENDED_DATA'
  if (has('CLOSE')) return `${name} after CLOSE`
  if ((isData || name === 'EOF') && has('EOF')) return `${name} after EOF`
  if (isData && bytes.length > windowBytes) {
    return `${bytes.length} bytes of ${name} at a window of ${windowBytes}`
  }
  if (isData && bytes.length > maximumPacketBytes) {
    return `${bytes.length} bytes of ${name} in packets of at most ${maximumPacketBytes}`
  }
  const isReport = name === 'exit-status' || name === 'exit-signal'
  if (isReport && (has('exit-status') || has('exit-signal'))) return `a second report, ${name}`
  const isReply = name === 'SUCCESS' || name === 'FAILURE'
  return isReply && awaitedReplies === 0 ? `${name} that nothing asked for` : undefined
}
