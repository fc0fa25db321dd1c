import { isIPv4, isIPv6 } from 'node:net'

/**
 * Whether a client's address matches a list of patterns, as `from=` of sshd with `UseDNS no`, its default: addresses,
 * networks such as `192.0.2.0/24`, and wildcards, with commas between; one that begins with `!` and matches forbids.
 * Host names are looked up by nobody and match nothing. A list with an error in it permits nobody, and one with a short
 * form such as `10.1`, which some read as 10.0.0.1, neither.
 */
export function isAddressPermitted(clientAddress: string, patterns: string): boolean {
  const address = withoutMapping(clientAddress)
  const answers = patterns.split(',').map((entry) => answerOf(address, entry))
  return answers.includes('permit') && !answers.includes('forbid')
}

type Answer = 'permit' | 'forbid' | 'none'

function answerOf(address: string, entry: string): Answer {
  const isNegated = entry.startsWith('!')
  const pattern = isNegated ? entry.slice(1) : entry
  const network = parseNetwork(pattern)
  if (pattern === '' || network === 'inconsistent') return 'forbid'
  if (network === undefined && isShortIPv4(pattern)) return 'forbid'
  const isMatch =
    network === undefined ? matchesWildcards(address, pattern) : isInside(address, network)
  if (!isMatch) return 'none'
  return isNegated ? 'forbid' : 'permit'
}

function isShortIPv4(pattern: string): boolean {
  return /^[\d.]+(\/\d+)?$/.test(pattern)
}

/** An IPv4 client of a socket for IPv6 (RFC 4291 section 2.5.5.2). */
function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

function matchesWildcards(address: string, pattern: string): boolean {
  const source = pattern.toLowerCase().replace(/[^*?]|\*+|\?/gs, (part) => {
    if (part === '?') return '.'
    return part.startsWith('*') ? '.*' : part.replace(/[\\^$.|+()[\]{}]/, '\\$&')
  })
  return new RegExp(`^${source}$`, 's').test(address.toLowerCase())
}

interface Bits {
  readonly value: bigint
  readonly length: 32 | 128
}

interface Network {
  readonly base: Bits
  readonly prefixLength: number
}

/** `undefined` where it is neither an address nor a network; `inconsistent` where bits beyond the prefix are set. */
function parseNetwork(text: string): Network | 'inconsistent' | undefined {
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const base = bitsOf(address)
  const prefixLength = prefix === undefined ? base?.length : Number(prefix)
  if (base === undefined || prefixLength === undefined || prefixLength > 128) return undefined
  const hostLength = base.length - prefixLength
  const isConsistent =
    hostLength >= 0 && (base.value >> BigInt(hostLength)) << BigInt(hostLength) === base.value
  return isConsistent ? { base, prefixLength } : 'inconsistent'
}

function isInside(address: string, { base, prefixLength }: Network): boolean {
  const bits = bitsOf(address)
  if (bits?.length !== base.length) return false
  const hostLength = BigInt(base.length - prefixLength)
  return bits.value >> hostLength === base.value >> hostLength
}

function bitsOf(address: string): Bits | undefined {
  if (isIPv4(address)) return { value: join(address.split('.').map(Number), 8n), length: 32 }
  if (!isIPv6(address) || address.includes('%')) return undefined
  return { value: join(groupsOf(address), 16n), length: 128 }
}

/** The eight groups of an IPv6 address; a URL spells all its forms alike (RFC 5952). */
function groupsOf(address: string): readonly number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = [], tail = []] = canonical.split('::').map((half) =>
    half
      .split(':')
      .filter(Boolean)
      .map((group) => parseInt(group, 16)),
  )
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

function join(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(part), 0n)
}
