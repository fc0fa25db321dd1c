import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { generateEd25519Key, parseKey } from '@hawse/example-kit'
import { parseAccess } from '../src/access'
import { permissionFor } from '../src/permission'

it('reads the access file of the README as the README says', () => {
  const members = parseAccess(accessFileOfReadme(), 'access.json')
  const may = (name: string, repository: string): string => {
    const member = members.find(({ user }) => user === name)
    return member === undefined ? 'not there' : permissionFor(member, repository)
  }
  expect(members.map(({ user, keys }) => [user, keys.length])).toEqual([
    ['alice', 1],
    ['bob', 1],
  ])
  expect(may('alice', 'alice/site.git')).toBe('write')
  expect(may('alice', 'team/plan.git')).toBe('none')
  expect(may('bob', 'alice/site.git')).toBe('read')
  expect(may('bob', 'alice/other.git')).toBe('none')
  expect(may('bob', 'team/plan.git')).toBe('write')
})

/** Its keys are cut short on the page; whole ones stand in their place. */
function accessFileOfReadme(): string {
  const page = readFileSync(join(__dirname, '../README.md'), 'utf8')
  const [, text = ''] = /^```json\n([^]*?)^```$/m.exec(page) ?? []
  return text.replaceAll('ssh-ed25519 AAAAC3...', () => publicKeyLine())
}

function publicKeyLine(): string {
  const key = parseKey(generateEd25519Key('a key'))
  if (key instanceof Error) throw key
  return `${key.type} ${key.getPublicSSH().toString('base64')}`
}
