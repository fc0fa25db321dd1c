import { usageError } from '@hawse/example-kit'
import { isIPv6 } from 'node:net'

/** A host to run on. */
export interface Target {
  /** As the user wrote it; what its output and its row are named by. */
  readonly label: string
  readonly user: string
  readonly host: string
  readonly port: number
}

/** Reads `host`, `user@host`, `host:port` or both, with brackets around an IPv6 address that has a port. */
export function parseTarget(label: string, defaultUser: string): Target {
  const [, user = defaultUser, rest = ''] = /^(?:([^@\s]+)@)?(.*)$/.exec(label) ?? []
  if (isIPv6(rest)) return { label, user, host: rest, port: 22 }
  const [, bracketed, plain, port = '22'] =
    /^(?:\[([^\]]+)\]|([^\s:@[\]]+))(?::(\d{1,5}))?$/.exec(rest) ?? []
  const host = bracketed ?? plain
  const isSound = host !== undefined && (bracketed === undefined || isIPv6(bracketed))
  if (isSound && Number(port) >= 1 && Number(port) <= 65_535) {
    return { label, user, host, port: Number(port) }
  }
  throw usageError(
    `${JSON.stringify(label)} is no host; expected [USER@]HOST[:PORT], such as me@web1:2222`,
  )
}

/** The hosts in a file: one a line; blank lines and what follows a `#` are left out. */
export function hostsIn(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
}
