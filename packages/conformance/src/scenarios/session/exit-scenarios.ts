import { expect } from 'expect'
import { killPrinted } from '../../peers/processes'
import { scenario, type Scenario } from '../scenario'

/** How a program ends, and what the client makes of it. */
export const exitScenarios: readonly Scenario[] = [
  scenario('passes both outputs and the exit code', [9, 20, 21], async ({ ssh }) => {
    const result = await ssh('echo hi; echo err >&2; exit 7')
    expect(text(result)).toEqual({ code: 7, stdout: 'hi\n', stderr: 'err\n' })
  }),
  ...[0, 1, 255].map((code) =>
    scenario(`reports exit code ${code} as exit-status`, [20, 21], async ({ ssh }) => {
      const { code: seen, received } = await ssh(`exit ${code}`)
      expect(seen).toBe(code)
      expect(received).toContain('exit-status')
    }),
  ),
  ...['BUS', 'TERM', 'KILL', 'XCPU'].map((signal) =>
    scenario(`reports death by SIG${signal} as exit-signal`, [21], async ({ ssh }) => {
      const result = await ssh(`ulimit -c 0; echo hi; kill -${signal} $$`)
      expect(result.code).toBe(255)
      expect(result.stdout.toString()).toBe('hi\n')
      expect(result.received).toContain('exit-signal')
      expect(result.received).not.toContain('exit-status')
    }),
  ),
  scenario('answers a client without input', [5, 10], async ({ ssh }) => {
    const result = await ssh('cat; echo done; exit 4', { options: ['-n'] })
    expect(text(result)).toEqual({ code: 4, stdout: 'done\n', stderr: '' })
  }),
  scenario('passes what a background process says after the exit', [19, 22], async ({ ssh }) => {
    const result = await ssh('(sleep .3; echo late) & echo early; exit 3')
    expect(text(result)).toEqual({ code: 3, stdout: 'early\nlate\n', stderr: '' })
  }),
  scenario('ends at the exit when a background process keeps no output', [22], async ({ ssh }) => {
    const result = await ssh('sleep 600 </dev/null >/dev/null 2>&1 & echo $!; exit 3')
    expect(result.code).toBe(3)
    killPrinted(result.stdout.toString())
  }),
  scenario('runs on after the program has closed both outputs', [19, 20], async ({ ssh }) => {
    const result = await ssh('echo hi; exec >&- 2>&-; sleep .2; exit 6')
    expect(text(result)).toEqual({ code: 6, stdout: 'hi\n', stderr: '' })
  }),
  scenario('answers 127 where there is no such command', [6], async ({ ssh }) => {
    const result = await ssh('no-such-command-here')
    expect(result.code).toBe(127)
    expect(result.stderr.toString()).toContain('not found')
  }),
  scenario('runs a command line of 30 KB', [8], async ({ ssh }) => {
    const argument = 'x'.repeat(30_000)
    const result = await ssh(`printf %s ${argument} | wc -c`)
    expect(text(result)).toEqual({ code: 0, stdout: '30000\n', stderr: '' })
  }),
]

function text(result: { code: number | null; stdout: Buffer; stderr: Buffer }): object {
  return {
    code: result.code,
    stdout: result.stdout.toString(),
    stderr: result.stderr.toString(),
  }
}
