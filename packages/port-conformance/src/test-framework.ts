import { HawseError } from '@hawse/core'

/** A test, or what is done before and after each. */
type Body = () => void | Promise<void>

/** What the suites use of a test framework. */
interface TestFramework {
  readonly describe: (name: string, body: () => void) => void
  readonly it: (name: string, body: Body) => void
  readonly beforeEach: (body: Body) => void
  readonly afterEach: (body: Body) => void
}

export { expect } from 'expect'

export const describe: TestFramework['describe'] = (...test) => framework('describe')(...test)
export const it: TestFramework['it'] = (...test) => framework('it')(...test)
export const beforeEach: TestFramework['beforeEach'] = (body) => framework('beforeEach')(body)
export const afterEach: TestFramework['afterEach'] = (body) => framework('afterEach')(body)

/** Looked up when a suite describes itself: frameworks set their globals for each file of tests. */
function framework<Name extends keyof TestFramework>(name: Name): TestFramework[Name] {
  const found = (globalThis as Partial<TestFramework>)[name]
  if (found !== undefined) return found
  throw new HawseError(
    'INVALID_ARGUMENT',
    `there is no global ${name}; run the suite in Jest, in Vitest with globals, or set describe, it, beforeEach and afterEach of your framework on globalThis first`,
  )
}
