import { expect } from 'expect'
import { makeKey } from '../../servers/keys'
import { runClient } from '../../servers/run-client'
import { sshArguments } from '../../servers/server-under-test'
import { scenario, type Scenario } from '../scenario'

/** Who may log in, and what the programs of a session find set. */
export const environmentScenarios: readonly Scenario[] = [
  scenario('takes LANG and LC_* from the client and nothing else', [7], async ({ ssh }) => {
    const options = [
      '-o',
      'SetEnv=LANG=de_AT.UTF-8 LC_TIME=C FOO=bar PATH=/evil LD_PRELOAD=/evil.so',
    ]
    const environment = parseEnvironment(await ssh('env', { options }))
    expect(environment).toMatchObject({ LANG: 'de_AT.UTF-8', LC_TIME: 'C' })
    expect(environment).not.toHaveProperty('FOO')
    expect(environment).not.toHaveProperty('LD_PRELOAD')
    expect(environment['PATH']).not.toContain('/evil')
  }),
  scenario('sets what a session needs', [7, 8], async ({ server, ssh }) => {
    const environment = parseEnvironment(await ssh('env; exit'))
    const address = String.raw`127\.0\.0\.1`
    expect(environment).toMatchObject({
      USER: server.user,
      LOGNAME: server.user,
      HOME: expect.stringMatching(/^\//),
      SHELL: expect.stringMatching(/^\//),
      PATH: expect.stringContaining('/usr/bin'),
      SSH_CLIENT: expect.stringMatching(`^${address} \\d+ ${server.port}$`),
      SSH_CONNECTION: expect.stringMatching(`^${address} \\d+ ${address} ${server.port}$`),
    })
    expect(environment['PWD']).toBe(environment['HOME'])
  }),
  scenario('passes nothing of the environment of the server', [7], async ({ ssh }) => {
    const environment = parseEnvironment(await ssh('env'))
    expect(environment).not.toHaveProperty('SERVER_SECRET')
    expect(environment).not.toHaveProperty('TERM')
    expect(environment).not.toHaveProperty('SSH_TTY')
  }),
  scenario(
    'runs a login shell that reads commands from its input',
    [3, 8],
    async ({ ssh, server }) => {
      const input = 'echo "$0"\nexit 4\n'
      const args = sshArguments(server, [], ['-T'])
      const result = await runClient('ssh', args, { input })
      expect(result.stdout.toString()).toMatch(/^-(ba|da|z|k)?sh\n$/)
      expect(result.code).toBe(4)
      expect((await ssh('echo $0')).stdout.toString()).not.toMatch(/^-/)
    },
  ),
  scenario('refuses an unknown key', [], async ({ server, folder }) => {
    makeKey(folder.file('other_key'))
    const stranger = { ...server, clientKeyFile: folder.file('other_key') }
    const result = await runClient('ssh', sshArguments(stranger, ['echo in']))
    expect(result.code).toBe(255)
    expect(result.stdout.toString()).toBe('')
    expect(result.stderr.toString()).toContain('Permission denied')
  }),
  scenario('refuses an unknown user', [], async ({ server }) => {
    const stranger = { ...server, user: 'nobody-of-that-name' }
    const result = await runClient('ssh', sshArguments(stranger, ['echo in']))
    expect(result.code).toBe(255)
    expect(result.stdout.toString()).toBe('')
    expect(result.stderr.toString()).toContain('Permission denied')
  }),
  scenario('refuses an unknown subsystem', [3, 4], async ({ ssh }) => {
    const result = await ssh('no-such-subsystem', { options: ['-s'] })
    expect(result.code).not.toBe(0)
    expect(result.stdout.toString()).toBe('')
    expect(result.log).toContain('subsystem request failed')
  }),
]

function parseEnvironment({ stdout }: { stdout: Buffer }): Readonly<Record<string, string>> {
  const lines = stdout.toString().trim().split('\n')
  const entry = (line: string): readonly [string, string] => {
    const nameLength = line.indexOf('=')
    return [line.slice(0, nameLength), line.slice(nameLength + 1)]
  }
  return Object.fromEntries(lines.map(entry))
}
