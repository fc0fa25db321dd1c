import { expect } from 'expect'
import { killPrinted } from '../../peers/processes'
import { readSlowly } from '../../servers/output-reader'
import { scenario, type Scenario } from '../scenario'

/** Asks for a terminal although the client's own input is none. */
const terminal = { options: ['-tt'] }

/** Programs on a terminal, as far as a client without one can see. */
export const terminalScenarios: readonly Scenario[] = [
  scenario('puts the program on a terminal and names it', [2, 7], async ({ ssh }) => {
    const command = 'tty; echo $SSH_TTY; echo $TERM'
    const result = await ssh(command, { ...terminal, environment: { TERM: 'vt220' } })
    const [name, variable, term] = result.stdout.toString().split('\r\n')
    expect(name).toMatch(/^\/dev\/pts\/\d+$/)
    expect(variable).toBe(name)
    expect(term).toBe('vt220')
  }),
  scenario('gives all three descriptors and the session to the terminal', [15], async ({ ssh }) => {
    const command = 'tty <&0; tty <&1; tty <&2; ps -o tty= -p $$; exit 3'
    const result = await ssh(command, terminal)
    const names = result.stdout.toString().trim().split('\r\n')
    expect(new Set(names.map((name) => name.replace('/dev/', '')))).toHaveProperty('size', 1)
    expect(result.code).toBe(3)
  }),
  scenario('passes stderr and the exit code through a terminal', [9, 20], async ({ ssh }) => {
    const result = await ssh('echo out; echo err >&2; exit 3', terminal)
    expect(result.stdout.toString()).toBe('out\r\nerr\r\n')
    expect(result.code).toBe(3)
  }),
  scenario('passes all output of a terminal before its end', [22], async ({ ssh }) => {
    const result = await ssh('seq 1 20000; exit 5', { ...terminal, stdoutReader: readSlowly(1) })
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\r\n`)
    expect(result.stdout.toString()).toBe(lines.join(''))
    expect(result.code).toBe(5)
  }),
  scenario(
    'ends with the program although another one keeps the terminal',
    [22],
    async ({ ssh }) => {
      const command = '(trap "" HUP; sleep 600) & echo $!; exit 3'
      const result = await ssh(command, terminal)
      expect(result.code).toBe(3)
      killPrinted(result.stdout.toString())
    },
  ),
  scenario('lets end of input of the client reach nothing', [10], async ({ ssh }) => {
    const command = 'stty -echo; read line; echo "got $line"; sleep .2; exit 6'
    const result = await ssh(command, { ...terminal, input: 'line\n' })
    expect(result.stdout.toString()).toContain('got line\r\n')
    expect(result.code).toBe(6)
  }),
  scenario('reports death by a signal on a terminal', [21], async ({ ssh }) => {
    const result = await ssh('echo out; kill -TERM $$', terminal)
    expect(result.stdout.toString()).toBe('out\r\n')
    expect(result.code).toBe(255)
  }),
]
