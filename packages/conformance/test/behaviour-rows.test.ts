import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { SessionProcessProtocol } from '@hawse/core'
import { behaviourRows } from '../src/fidelity/behaviour-rows'
import { rowsInTests, rowsNamedIn } from '../src/fidelity/rows-in-tests'
import { scenarioTable } from '../src/scenarios/scenario-table'

const rootFolder = join(dirname(__filename), '..', '..', '..')

describe('the rows of behaviour', () => {
  it('are numbered from 1 to 28', () => {
    const numbers = behaviourRows.map(({ number }) => number)
    expect(numbers).toEqual(Array.from({ length: 28 }, (_, index) => index + 1))
  })

  it.each(behaviourRows)('row $number is held by a scenario or a test', ({ number }) => {
    const scenarios = scenarioTable.filter(({ rows }) => rows.includes(number))
    const files = rowsInTests(rootFolder).get(number) ?? []
    expect([...scenarios.map(({ name }) => name), ...files]).not.toEqual([])
  })

  it('are the only ones that scenarios and tests name', () => {
    const known = new Set(behaviourRows.map(({ number }) => number))
    const named = [...scenarioTable.flatMap(({ rows }) => rows), ...rowsInTests(rootFolder).keys()]
    expect(named.filter((number) => !known.has(number))).toEqual([])
  })

  it.each(Object.getOwnPropertyNames(SessionProcessProtocol.prototype).filter(isPublicMethod))(
    'method %s of SessionProcessProtocol is called by a test',
    (method) => {
      const test = 'packages/core/test/streams/session-process-protocol.test.ts'
      expect(readFileSync(join(rootFolder, test), 'utf8').includes(method)).toBe(true)
    },
  )

  it('are read from the names of tests alone', () => {
    // Not spelled out, or this file would be found to hold these rows.
    const row = 'row'
    const source = `// ${row} 1\nit('${row} 2: one', f)\ndescribe('${row}s 3, 4 and 5')\nconst arrow = '${row}'`
    expect([...rowsNamedIn(source)]).toEqual([2, 3, 4, 5])
  })
})

function isPublicMethod(name: string): boolean {
  return name !== 'constructor'
}
