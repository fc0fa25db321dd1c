import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { readmeConfiguration } from '@hawse/conformance'
import { parseAccess } from '../src/access'
import { permissionFor } from '../src/permission'

it('reads the access file of the README as the README says', () => {
  const members = parseAccess(readmeConfiguration(join(__dirname, '../README.md')), 'access.json')
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
