import { once } from 'node:events'
import { waitUntil } from '@hawse/port-conformance'
import { expect } from 'expect'
import { runClient, startClient } from '../../servers/run-client'
import { sshArguments } from '../../servers/server-under-test'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** Values that the wire carries as bytes and that a careless server splits, trims or expands. */
const exactValues = {
  LC_NEWLINE: 'a\nb\n',
  LC_EMPTY: '',
  LC_UTF8: 'käse 日本',
  LC_EQUALS: 'x=y=z',
  LC_QUOTES: ` '"$HOME\`id\` `,
  LC_LONG: 'l'.repeat(30_000),
}

/** Options of `ssh` by what it then runs. */
const optionsByProgram = {
  'a command': '-T',
  'a shell': '-T',
  'a program on a terminal': '-tt',
} as const

/** What a session hands to its program beside the streams. */
export const loginScenarios: readonly Scenario[] = [
  scenario('passes values of variables byte by byte', [7], async ({ ssh }) => {
    const result = await ssh('env -0', {
      options: ['-o', 'SendEnv=LC_*'],
      environment: exactValues,
    })
    const entries = result.stdout.toString().split('\0')
    for (const [name, value] of Object.entries(exactValues)) {
      expect(entries).toContain(`${name}=${value}`)
    }
  }),
  scenario('lets no accepted variable replace one of its own', [7], async ({ ssh }) => {
    const names = ['USER', 'LOGNAME', 'HOME', 'SHELL', 'PATH', 'MAIL', 'SSH_CLIENT', 'SSH_TTY']
    const setting = names.map((name) => `${name}=forged`).join(' ')
    const result = await ssh('env', { options: ['-o', `SetEnv=LC_X=taken ${setting}`] })
    expect(result.stdout.toString()).toContain('LC_X=taken\n')
    expect(result.stdout.toString()).not.toContain('forged')
  }),
  scenario('takes 128 variables', [7], async ({ ssh }) => {
    expect(await countTaken(ssh, 128)).toBe(128)
  }),
  scenario(
    'takes no more variables than its limit',
    [7],
    async ({ server, ssh }) => {
      expect(await countTaken(ssh, 140)).toBe(server.kind === 'sshd' ? 129 : 128)
    },
    {
      difference:
        'sshd counts one variable past its limit of 128; Hawse takes 128, the number that both state',
    },
  ),
  scenario('starts a command in a session of its own without a terminal', [8], async ({ ssh }) => {
    const result = await ssh('ps -o sid=,pgid=,tty= -p $$; echo $$')
    const [sessionId, groupId, terminal, processId] = words(result.stdout)
    expect([sessionId, groupId]).toEqual([processId, processId])
    expect(terminal).toBe('?')
  }),
  ...(['a command', 'a shell', 'a program on a terminal'] as const).map((program) =>
    scenario(
      `passes no descriptor of the server to ${program}`,
      [7, 25],
      (context) => expectNoDescriptors(context, program),
      { needsTerminal: optionsByProgram[program] === '-tt' },
    ),
  ),
  scenario('gives three logins of one connection their own variables', [7], separateVariables),
]

async function countTaken(ssh: ScenarioContext['ssh'], sent: number): Promise<number> {
  const setting = Array.from({ length: sent }, (_, index) => `LC_N${index}=x`).join(' ')
  const result = await ssh('env | grep -c ^LC_N', { options: ['-o', `SetEnv=${setting}`] })
  return Number(result.stdout.toString())
}

/**
 * Every server under test was itself started with a descriptor of /dev/full. One of /dev/null is no channel to anything:
 * it may stand where another one was, and so may that of the folder which the listing itself reads.
 */
async function expectNoDescriptors(
  { server }: ScenarioContext,
  program: keyof typeof optionsByProgram,
): Promise<void> {
  const list = 'exec ls -l /proc/self/fd'
  const [command, input] = program === 'a shell' ? [[], `${list}\n`] : [[list], '']
  const args = sshArguments(server, command, [optionsByProgram[program]])
  const { stdout } = await runClient('ssh', args, { input })
  const descriptors = [...stdout.toString().matchAll(/ (\d+) -> (\S+)/g)]
  expect(descriptors.map(([, number]) => number)).toEqual(expect.arrayContaining(['0', '1', '2']))
  const others = descriptors.filter(([, number]) => Number(number) > 2).map(([, , file]) => file)
  expect(
    others.filter((file) => file !== '/dev/null' && !/^\/proc\/\d+\/fd$/.test(file ?? '')),
  ).toEqual([])
}

async function separateVariables({ server, folder }: ScenarioContext): Promise<void> {
  const path = ['-S', folder.file('control')]
  const sendsEnv = ['-o', 'SendEnv=LC_LOGIN_*']
  const args = sshArguments(server, [], ['-M', '-N', ...path, ...sendsEnv])
  const master = startClient('ssh', args, { input: null })
  const control = (request: string): Promise<{ code: number | null }> =>
    runClient('ssh', sshArguments(server, [], ['-O', request, ...path]))
  await waitUntil(
    async () => (await control('check')).code === 0,
    () => 'the shared connection should be open',
  )
  const logIn = async (name: string): Promise<string> => {
    const command = 'env | grep ^LC_LOGIN_'
    const sent = sshArguments(server, [command], [...path, ...sendsEnv])
    const result = await runClient('ssh', sent, { environment: { [`LC_LOGIN_${name}`]: name } })
    return result.stdout.toString()
  }
  const seen = await Promise.all(['A', 'B', 'C'].map(logIn))
  expect(seen).toEqual(['A', 'B', 'C'].map((name) => `LC_LOGIN_${name}=${name}\n`))
  await Promise.all([control('exit'), once(master, 'close')])
}

function words(output: Buffer): readonly string[] {
  return output.toString().trim().split(/\s+/)
}
