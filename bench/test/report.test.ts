import { describe, expect, it } from '@jest/globals'
import { shownNumber } from '../src/report/figure-table'
import { chartsAsSvg } from '../src/report/chart'
import { performancePage } from '../src/report/performance-page'
import { withSpeedRows } from '../src/report/speed-rows'
import { median, percentile } from '../src/run/statistics'
import { parseOptions } from '../src/options'

describe('statistics', () => {
  it('takes the middle number, or the mean of two', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([9, 1, 5, 6])).toBe(5.5)
    expect(median([])).toBe(Number.NaN)
  })

  it('takes the number that a share of all do not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(percentile(hundred, 50)).toBe(50)
    expect(percentile(hundred, 99)).toBe(99)
    expect(percentile([7], 99)).toBe(7)
  })
})

it('shows three digits and no exponent', () => {
  const shown = [1920.4, 19.92, 0.9264, 0.0123, 0, -66.04].map(shownNumber)
  expect(shown).toEqual(['1920', '19.9', '0.926', '0.012', '0.0', '-66.0'])
})

it('draws growth in line as a straight line, and what is nothing on the edge', () => {
  const points = [1, 10, 100].map((count) => [count, count] as const)
  const series = [
    { name: 'straight', points },
    { name: 'nothing', points: [[1, 0] as const] },
  ]
  const svg = chartsAsSvg([{ title: 'Memory', series }], 'sessions')
  const [, line = ''] = /points="([^"]+)"/.exec(svg) ?? []
  const [first, second, third] = line.split(' ').map((place) => place.split(',').map(Number))
  expect(second![0]! - first![0]!).toBeCloseTo(third![0]! - second![0]!, 1)
  expect(second![1]! - first![1]!).toBeCloseTo(third![1]! - second![1]!, 1)
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
})

describe('what is written', () => {
  const results = {
    command: 'npx pnpm bench --write',
    rounds: 5,
    scale: 1,
    minutes: 20,
    servers: [],
    workloads: [],
    machines: [],
  }
  const facts = { date: '2026-01-31', versions: ['OpenSSH_9.2p1'] }

  it('keeps the notes that people wrote under the page of the run before', () => {
    const before = performancePage(results, facts, '# Old\n\n## Notes\n\nWhy it is so.\n')
    expect(before.endsWith('\n\n## Notes\n\nWhy it is so.\n')).toBe(true)
    expect(before).not.toContain('# Old')
    expect(performancePage(results, facts, before)).toBe(before)
  })

  it('replaces the rows of the README, and nothing else', () => {
    const marks = ['<!-- written by npx pnpm bench --write -->', '<!-- end of what it wrote -->']
    const readme = withSpeedRows(`before\n${marks[0]!}\nold\n${marks[1]!}\nafter\n`, [])
    expect(readme).toMatch(/^before\n<!-- written/)
    expect(readme).toMatch(/wrote -->\nafter\n$/)
    expect(readme).not.toContain('old')
    expect(readme.match(/^\| /gm)).toHaveLength(5)
    expect(() => withSpeedRows('no marks', [])).toThrow('README.md has no marks')
  })
})

describe('the command line', () => {
  const workloads = ['download', 'exec']

  it('takes lists by comma or by repetition', () => {
    const args = ['--only', 'exec,download', '--servers', 'hawse', '--servers', 'sshd']
    const options = parseOptions(args, workloads)
    expect(options).toMatchObject({ only: ['exec', 'download'], servers: ['hawse', 'sshd'] })
  })

  it.each([
    [['--only', 'nothing'], '--only nothing: expected one of download, exec'],
    [['--servers', 'telnetd'], '--servers telnetd: expected one of sshd, hawse'],
    [['--scale', '0'], '--scale 0: expected a number above 0'],
    [['--write', '--only', 'exec'], '--write: expected no --only'],
    [['everything'], 'everything: expected nothing, or "machines"'],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => parseOptions(args, workloads)).toThrow(message)
  })
})
