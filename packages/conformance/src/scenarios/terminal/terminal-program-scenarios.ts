import { expect } from 'expect'
import { runClient } from '../../servers/run-client'
import { sshArguments } from '../../servers/server-under-test'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

const terminal = { options: ['-tt'] }

/** What a program finds on its terminal, and how it leaves it. */
export const terminalProgramScenarios: readonly Scenario[] = [
  ...[0, 3, 255].map((code) =>
    scenario(`reports exit code ${code} through a terminal`, [20, 21], async ({ ssh }) => {
      const result = await ssh(`exit ${code}`, terminal)
      expect(result.code).toBe(code)
      expect(result.received).toContain('exit-status')
    }),
  ),
  ...['KILL', 'SEGV'].map((signal) =>
    scenario(`reports death by SIG${signal} on a terminal`, [21], async ({ ssh }) => {
      const result = await ssh(`ulimit -c 0; kill -${signal} $$`, terminal)
      expect(result.code).toBe(255)
      expect(result.received).toContain('exit-signal')
      expect(result.received).not.toContain('exit-status')
    }),
  ),
  scenario('carries a terminal within the terminal', [9, 20], nestTerminal, {
    programs: ['script'],
  }),
  scenario('ends a program at the end-of-file character', [10], async ({ ssh }) => {
    const result = await ssh('stty -echo; cat; echo over; exit 6', {
      ...terminal,
      input: 'some text\n\x04',
    })
    expect(result.stdout.toString()).toContain('some text\r\nover\r\n')
    expect(result.code).toBe(6)
  }),
  scenario('makes the program the leader of the terminal in front', [15], async ({ ssh }) => {
    const result = await ssh('tty; ps -o tty=,pid=,sid=,pgid=,tpgid= -p $$; exit 3', terminal)
    const [name = '', row = ''] = result.stdout.toString().split('\r\n')
    const [terminalName, processId, ...groups] = row.trim().split(/\s+/)
    expect(`/dev/${terminalName}`).toBe(name)
    // `ps` itself runs in the same group, for a shell with a command has no job control.
    expect(groups).toEqual([processId, processId, processId])
  }),
  scenario('lets the program use /dev/tty', [15], async ({ ssh }) => {
    const command =
      'stty -echo; read line </dev/tty; echo "got $line" 2>/dev/null >/dev/tty; exit 4'
    const result = await ssh(`(${command}) >/dev/null </dev/null`, { ...terminal, input: 'word\n' })
    expect(result.stdout.toString()).toContain('got word\r\n')
    expect(result.code).toBe(4)
  }),
  ...[
    { name: 'a usual', value: 'xterm-256color' },
    { name: 'an unknown', value: 'no-such terminal; $(id)' },
    { name: 'a long', value: 'x'.repeat(1024) },
  ].map(({ name, value }) =>
    scenario(`passes ${name} name of a terminal on`, [7], async ({ ssh }) => {
      const result = await ssh('printf %s "$TERM"', { ...terminal, environment: { TERM: value } })
      expect(result.stdout.toString()).toBe(value)
    }),
  ),
  scenario('sets no TERM where the client has an empty one', [7], async ({ ssh }) => {
    const result = await ssh(showTerm, { ...terminal, environment: { TERM: '' } })
    expect(result.stdout.toString()).toBe('none\r\n')
  }),
  scenario('sets no TERM where the client has none', [7], async ({ server }) => {
    const args = ['-u', 'TERM', 'ssh', ...sshArguments(server, [showTerm], terminal.options)]
    const result = await runClient('env', args)
    expect(result.stdout.toString()).toBe('none\r\n')
  }),
  scenario('starts on a terminal although the client has no size for it', [13], startWithoutSize, {
    difference:
      'sshd gives a terminal of 0 rows and 0 columns, Hawse one of 24 rows and 80 columns: a dimension of zero says nothing and is to be ignored (RFC 4254 section 6.2).',
  }),
]

/** What the program was given: the shell itself makes up a TERM for its own use. */
const showTerm = "tr '\\0' '\\n' </proc/$$/environ | grep -a ^TERM= || echo none"

async function nestTerminal({ ssh }: ScenarioContext): Promise<void> {
  const result = await ssh(`tty; script -qec 'tty; exit 9' /dev/null`, terminal)
  const [outer, inner] = result.stdout.toString().split('\r\n')
  expect(outer).toMatch(/^\/dev\/pts\/\d+$/)
  expect(inner).toMatch(/^\/dev\/pts\/\d+$/)
  expect(inner).not.toBe(outer)
  expect(result.code).toBe(9)
}

async function startWithoutSize({ ssh, server }: ScenarioContext): Promise<void> {
  const result = await ssh('stty size; exit 5', terminal)
  expect(result.stdout.toString()).toBe(server.kind === 'sshd' ? '0 0\r\n' : '24 80\r\n')
  expect(result.code).toBe(5)
}
