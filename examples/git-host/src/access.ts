import { parseJsonFile, publicKeyLine, StartError } from '@hawse/example-kit'
import type { ParsedKey } from 'ssh2'
import { z } from 'zod'
import { isOwnerName, nameRule, repositoryNameOf } from './repository-name'

/** Who is let in by which keys, and what of others' repositories they may do. Their own are all theirs. */
export interface Member {
  readonly user: string
  readonly keys: readonly ParsedKey[]
  /** Patterns of repositories: `owner/name.git`, `owner/*`, `*` followed by `/*`. */
  readonly read: readonly string[]
  /** The same; who may write may read, and create. */
  readonly write: readonly string[]
}

/** Reads the JSON of an access file; throws a `StartError` that says where what is wrong. */
export function parseAccess(text: string, file: string): readonly Member[] {
  const example = '{"users": {"NAME": {"keys": ["ssh-..."]}}}'
  const { users } = parseJsonFile(accessFile, { file, text, example })
  const members = Object.entries(users).map(([user, member]) => ({ user, ...member }))
  const shared = sharedKey(members)
  if (shared === undefined) return members
  throw new StartError(`${file}: ${shared} have the same key; a key says who somebody is`)
}

const pattern = z
  .string()
  .refine((text) => isPattern(text), 'expected OWNER/NAME.git or OWNER/*, where OWNER may be *')

const accessFile = z.strictObject({
  users: z.record(
    z.string().refine(isOwnerName, `expected ${nameRule}`),
    z.strictObject({
      keys: z.array(publicKeyLine),
      read: z.array(pattern).default([]),
      write: z.array(pattern).default([]),
    }),
  ),
})

/** A name with `*` in place of an owner, a repository or both, and otherwise as names are. */
function isPattern(text: string): boolean {
  const example = text.replace(/^\*\//, 'any/').replace(/\/\*$/, '/any.git')
  return repositoryNameOf(example) === example
}

function sharedKey(members: readonly Member[]): string | undefined {
  const users = new Map<string, string>()
  for (const { user, keys } of members) {
    for (const key of keys) {
      const blob = key.getPublicSSH().toString('base64')
      const other = users.get(blob)
      if (other !== undefined && other !== user) return `${other} and ${user}`
      users.set(blob, user)
    }
  }
  return undefined
}
