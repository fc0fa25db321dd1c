import { existsSync } from 'node:fs'
import { expect } from 'expect'
import { runClient } from '../../servers/run-client'
import { sshArguments } from '../../servers/server-under-test'
import { exec } from '../../wire/raw-messages'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** Command lines that a shell reads otherwise when a byte of them is lost, added or quoted. */
const exactCommands: readonly (readonly [description: string, command: string])[] = [
  ['spaces, tabs and quotes', `printf '<%s>' a  "b  c" 'd"e' $'f\tg' "h'i"`],
  ['newlines between and inside words', `printf '<%s>' 'a\nb'\nprintf '<%s>' c\n\n`],
  ['wildcards', `printf '<%s>' '*' "?" [x] /usr/bi[n]`],
  ['variables and substitutions', `x=1; printf '<%s>' "$x" '$x' "$(echo y)" \`echo z\` "\${x}"`],
  ['backslashes', String.raw`printf '<%s>' a\\b 'c\d' "e\\f" g\ h '\n'`],
  ['a dash at its begin', '-e -x'],
  ['a space at its begin and its end', `  printf '<%s>' a  `],
  ['a comment and newlines at its end', `printf '<%s>' a # b\n\n\n`],
  ['characters beyond ASCII', `printf '<%s>' 'käse' '日本' '🙂'`],
  ['a lone quote', `printf '<%s>' a "`],
]

/** Command lines, from the client to the shell. */
export const commandScenarios: readonly Scenario[] = [
  ...exactCommands.map(([description, command]) =>
    scenario(`runs a command with ${description} as the shell would`, [8], (context) =>
      compareWithShell(context, command),
    ),
  ),
  scenario('runs a command that is not UTF-8 byte by byte', [8], runInvalidUtf8),
  scenario('runs nothing for a command with a NUL byte', [8], refuseNul, {
    difference:
      'sshd ends the connection; Hawse refuses the request and says why, so that other sessions of the connection live on',
  }),
  scenario('starts a shell for an empty command', [3, 8], async ({ ssh }) => {
    const result = await ssh('', { input: 'echo "$0"; exit 4\n' })
    expect(result.stdout.toString()).toMatch(/^-(ba|da|z|k)?sh\n$/)
    expect(result.code).toBe(4)
  }),
  ...[32_000, 32_768, 33_000, 34_800].map((byteCount) =>
    scenario(`runs a command with an argument of ${byteCount} bytes`, [8], async ({ ssh }) => {
      const result = await ssh(`printf %s ${'x'.repeat(byteCount)} | wc -c`)
      expect(result.stdout.toString().trim()).toBe(String(byteCount))
      expect(result.code).toBe(0)
    }),
  ),
  scenario('meets a command of 100 KB', [8], runLongCommand, {
    difference:
      'sshd runs commands of up to 256 KB; with ssh2 a packet above 35,000 bytes ends the connection, and its limit cannot be raised',
  }),
]

/** The shell of the account here must make of the command what it makes of it there. */
async function compareWithShell({ server, ssh }: ScenarioContext, command: string): Promise<void> {
  const remote = await runClient('ssh', sshArguments(server, ['--', command]))
  const shell = (await ssh('echo "$SHELL"')).stdout.toString().trim()
  const local = await runClient(shell, ['-c', command])
  expect(remote.stdout.toString()).toBe(local.stdout.toString())
  expect(remote.code).toBe(local.code)
}

/** Node.js gives programs only UTF-8, so a shell writes the command line of the client. */
async function runInvalidUtf8({ server }: ScenarioContext): Promise<void> {
  const script = String.raw`"$@" "$(printf 'printf %%s "\377a\200\303" | od -An -tx1')"`
  const result = await runClient('sh', ['-c', script, 'sh', 'ssh', ...sshArguments(server, [])])
  expect(result.stdout.toString().trim()).toBe('ff 61 80 c3')
  expect(result.code).toBe(0)
}

async function refuseNul({ server, connect, folder }: ScenarioContext): Promise<void> {
  const file = folder.file('made')
  const client = await connect()
  const channel = await client.openSession()
  channel.send(exec(Buffer.from(`touch ${file}\0; touch ${file}`)))
  if (server.kind === 'sshd') {
    await expect(channel.untilAnswered()).rejects.toThrow('the connection ended')
  } else {
    await channel.untilAnswered()
    expect(channel.replies).toEqual(['FAILURE'])
    expect(channel.stderr.toString()).toContain('NUL')
  }
  expect(existsSync(file)).toBe(false)
}

async function runLongCommand({ server, ssh }: ScenarioContext): Promise<void> {
  const result = await ssh(`printf %s ${'x'.repeat(100_000)} | wc -c`)
  const isRun = server.kind === 'sshd'
  expect(result.stdout.toString().trim()).toBe(isRun ? '100000' : '')
  expect(result.code).toBe(isRun ? 0 : 255)
}
