import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { permissionFor } from '../src/permission'
import { repositoryNameOf } from '../src/repository-name'

describe('the name of a repository', () => {
  it.each([
    ['alice/site', 'alice/site.git'],
    ['/alice/site.git', 'alice/site.git'],
    ['alice/site.git/', 'alice/site.git'],
    ['alice/a.b_c-d.git', 'alice/a.b_c-d.git'],
  ])('is read from %s', (path, name) => {
    expect(repositoryNameOf(path)).toBe(name)
  })

  it.each([
    '',
    '/',
    'site',
    'alice',
    'alice/',
    '//site',
    'a/b/c',
    'alice/.git',
    'alice/..',
    '~alice/site',
    'a.git/b',
  ])('is not read from %j', (path) => {
    expect(repositoryNameOf(path)).toBeUndefined()
  })

  it('has two plain parts, whatever the path, and is its own name', () => {
    const part = fc.stringMatching(/^[a-z.~/\\'" \n-]{0,8}$/)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('/')),
        ),
        (path) => {
          const name = repositoryNameOf(path)
          if (name === undefined) return
          expect(name).toMatch(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*\.git$/)
          expect(repositoryNameOf(name)).toBe(name)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('what somebody may do', () => {
  const bob = { user: 'bob', read: ['*/docs.git', 'alice/shared.git'], write: ['team/*'] }

  it.each([
    ['bob/any.git', 'write'],
    ['team/tools.git', 'write'],
    ['alice/shared.git', 'read'],
    ['carol/docs.git', 'read'],
    ['alice/private.git', 'none'],
    ['bobby/any.git', 'none'],
  ])('with %s is %s', (repository, permission) => {
    expect(permissionFor(bob, repository)).toBe(permission)
  })
})
