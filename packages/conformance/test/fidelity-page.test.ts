import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { compatibilityPage } from '../src/fidelity/compatibility-page'
import { fidelityPage } from '../src/fidelity/fidelity-page'
import type { Observation } from '../src/fidelity/observation'
import { reasonInALine } from '../src/fidelity/reason'
import { runFidelity } from '../src/fidelity/run-fidelity'
import { itWithPeers } from '../src/peers/it-with-peers'
import { scenario, type Scenario } from '../src/scenarios/scenario'
import { scenarioGroups, scenarioTable } from '../src/scenarios/scenario-table'

const facts = { date: '2026-01-31', versions: ['OpenSSH_9.2', 'ssh2 1.17.0'] }
const nothing = (): Promise<void> => Promise.resolve()
const one = scenario('does one thing', [4, 5], nothing, { difference: 'sshd waits, we do not.' })
const other = scenario('shows a | bar', [6], nothing, {
  peer: { name: 'plink', capability: 'stderr' },
})

function seen(kind: Observation['kind'], details: Partial<Observation> = {}): Observation {
  const received = ['OPEN_CONFIRMATION', 'SUCCESS', 'DATA', 'CLOSE']
  return {
    scenario: one,
    kind,
    verdict: 'met',
    reason: '',
    received,
    durationMs: 5,
    ...details,
  }
}

describe('the page of fidelity', () => {
  const observations = [
    seen('sshd'),
    seen('hawse'),
    seen('byHand', { verdict: 'notMet', reason: 'hangs | dies' }),
  ]
  const groups = [{ title: 'Things', scenarios: [one, other] }]
  const page = fidelityPage({ groups, observations, facts, rowsInTests: new Map() })

  it('has a line for each scenario with what was seen on each server', () => {
    expect(page).toContain(
      '| does one thing | 4, 5 | yes | yes | **no**: `hangs \\| dies` | `SUCCESS DATA CLOSE` |',
    )
  })

  it('counts what was met on each server', () => {
    expect(page).toContain('| Hawse | 1 | 1 |')
    expect(page).toContain('| by hand | 0 | 1 |')
  })

  it('says where ours differs on purpose', () => {
    expect(page).toContain('- **does one thing:** sshd waits, we do not.')
  })

  it('leaves clients and tools to their own page', () => {
    expect(page).not.toContain('shows a')
  })
})

describe('the page of compatibility', () => {
  const plink = { name: 'plink', version: 'plink 0.78', cannot: { terminal: 'it has none' } }
  const observations = [
    seen('sshd', { scenario: other }),
    seen('hawse', { scenario: other, verdict: 'notMet', reason: 'no stderr' }),
  ]
  const page = (results: readonly Observation[]): string =>
    compatibilityPage({
      clients: [plink],
      capabilities: ['stderr'],
      tools: [],
      observations: results,
      facts,
    })

  it('says what each server did where one did not do as asserted', () => {
    expect(page(observations)).toContain(
      '| plink | plink 0.78 | sshd: yes; hawse: **no** `no stderr` |',
    )
  })

  it('says yes where all did', () => {
    expect(page(observations.slice(0, 1))).toContain('| plink | plink 0.78 | yes |')
  })

  it('says what a client cannot show', () => {
    expect(page(observations)).toContain('- plink and terminal: it has none')
  })
})

describe('the documents of the last run', () => {
  const read = (name: string): string =>
    readFileSync(join(dirname(__filename), '..', '..', '..', 'docs', name), 'utf8')

  it('show every scenario of the table: run `npx pnpm fidelity`', () => {
    const page = read('fidelity.md')
    const own = scenarioTable.filter(({ peer }) => peer === undefined)
    const missing = own.filter(({ name }) => !page.includes(`| ${name.replaceAll('|', '\\|')} |`))
    expect(missing.map(({ name }) => name)).toEqual([])
  })

  it('show every client and tool of the table: run `npx pnpm fidelity`', () => {
    const page = read('compatibility.md')
    const capabilities = scenarioTable.flatMap(({ peer }) => peer ?? [])
    const missing = capabilities.filter(
      ({ name, capability }) => !page.includes(name) || !page.includes(capability),
    )
    expect(missing).toEqual([])
  })

  it('show no scenario that Hawse does not meet', () => {
    expect(read('fidelity.md')).toMatch(/\| Hawse +\| (\d+) +\| \1 +\|/)
  })
})

describe('a run', () => {
  itWithPeers('observes the servers in turn', ['ssh', 'sshd'], async () => {
    const named = scenarioGroups
      .flatMap(({ scenarios }) => scenarios)
      .filter(({ name }) => name === 'reports death by SIGBUS as exit-signal')
    const told: string[] = []
    const observations = await runFidelity(named, ({ kind }) => told.push(kind))
    expect(observations.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ['sshd', 'met'],
      ['hawse', 'met'],
      ['byHand', 'notMet'],
    ])
    expect(told).toEqual(['sshd', 'hawse', 'byHand'])
    expect(observations[1]?.received).toContain('exit-signal')
    expect(observations[2]?.reason).toMatch(/^the server dies: /)
  })
})

describe('a run that hangs', () => {
  itWithPeers('is not met, whatever its end makes of it', ['ssh'], async () => {
    const run: Scenario['run'] = async ({ ssh }) => {
      await ssh('exec sleep 60')
    }
    const hanging = scenario('hangs', [], run, { servers: ['byHand'] })
    const [observation] = await runFidelity([hanging], () => undefined, 1_000)
    expect(observation).toMatchObject({
      verdict: 'notMet',
      reason: 'hangs: not over after 1 s',
    })
  })
})

describe('the reason of a failure', () => {
  it('is what was expected and what came', () => {
    const thrown = reasonOfFailure(() => expect(3).toBe(7))
    expect(thrown).toBe('expected 7, got 3')
  })

  it('is the difference between objects', () => {
    const thrown = reasonOfFailure(() => expect({ a: 1, b: 2 }).toEqual({ a: 1, b: 3 }))
    expect(thrown).toBe('expected "b": 3, got "b": 2')
  })

  it('is the difference between texts', () => {
    const thrown = reasonOfFailure(() => expect('same\ngot\n').toBe('same\nwanted\n'))
    expect(thrown).toBe('expected wanted, got got')
  })

  it('names no folder that changes with each run, and stays short', () => {
    const reason = reasonInALine(new Error(`no file /tmp/hawse-Ab12/x ${'y'.repeat(500)}\nmore`))
    expect(reason).toMatch(/^no file FOLDER\/x y+\.\.\.$/)
    expect(reason.length).toBeLessThan(130)
  })
})

function reasonOfFailure(assert: () => void): string {
  try {
    assert()
  } catch (error) {
    return reasonInALine(error)
  }
  throw new Error('the assertion should fail')
}
