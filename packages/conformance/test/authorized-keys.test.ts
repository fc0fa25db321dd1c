import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { itUnless } from '../src/peers/it-with-peers'
import { missingPeerReason } from '../src/peers/missing-peer'
import { missingTerminalReason } from '../src/peers/missing-terminal'
import { startExampleSshd } from '../src/servers/example-sshd'
import { startReferenceSshd } from '../src/servers/reference-sshd'
import { runClient, type ClientResult } from '../src/servers/run-client'
import { sshArguments, type ServerUnderTest } from '../src/servers/server-under-test'
import { connectRaw } from '../src/wire/raw-client'
import { data, exec, pty, signal } from '../src/wire/raw-messages'

const reason = missingPeerReason(['ssh', 'sshd']) ?? missingTerminalReason()

let sshd: ServerUnderTest
let example: ServerUnderTest

beforeAll(async () => {
  if (reason !== undefined) return
  sshd = await startReferenceSshd()
  example = await startExampleSshd()
})
afterAll(async () => {
  if (reason !== undefined) return
  await sshd.stop()
  await example.stop()
})

const refused = 'refused'
/** What the client asks for, on a terminal. */
const asked = 'test -t 0 && echo terminal; echo "own ${MARK-unset}"'
const own = 'own unset\n'
const ownOnTerminal = `terminal\n${own}`
/** The outcome where the request for a terminal fails, and the command is then run without one. */
const withoutTerminal = (said: string): string => `no terminal\n${said}`
/** What a key forces; a quote within quotes is written with a backslash. */
const force = (text: string): string =>
  `command="test -t 0 && echo terminal; echo \\"${text} $SSH_ORIGINAL_COMMAND\\""`
const forced = `forced ${asked}\n`
const forcedOnTerminal = `terminal\n${forced}`

type Row = readonly [lines: string, outcome: string]

/** Lines of authorized keys, in which KEY is that of the client, and what it gets who logs in with it. */
const understood: readonly Row[] = [
  ['KEY', ownOnTerminal],
  ['\t KEY', ownOnTerminal],
  ['# KEY', refused],
  ['', refused],
  [`${force('forced')} KEY`, forcedOnTerminal],
  [`${force('forced')},no-pty KEY`, withoutTerminal(forced)],
  [`no-pty,${force('forced')}\tKEY`, withoutTerminal(forced)],
  ['command="" KEY', ''],
  ['command="echo a # b, \' c" KEY', 'a\n'],
  ['command="printf %s \'a\\b\'" KEY', 'a\\b'],
  ['COMMAND="echo loud" KEY', 'loud\n'],
  ['no-pty KEY', withoutTerminal(own)],
  ['No-Pty KEY', withoutTerminal(own)],
  ['pty KEY', ownOnTerminal],
  ['restrict KEY', withoutTerminal(own)],
  ['restrict,pty KEY', ownOnTerminal],
  ['pty,restrict KEY', withoutTerminal(own)],
  ['no-pty,pty KEY', ownOnTerminal],
  [`restrict,${force('forced')} KEY`, withoutTerminal(forced)],
  [`restrict,pty,${force('forced')} KEY`, forcedOnTerminal],
  ['environment="MARK=set" KEY', ownOnTerminal],
  ['environment="MARK=set",environment="MARK=b" KEY', ownOnTerminal],
  ['no-port-forwarding,no-X11-forwarding,no-agent-forwarding,no-user-rc KEY', ownOnTerminal],
  ['port-forwarding,x11-forwarding,agent-forwarding,user-rc KEY', ownOnTerminal],
  ['no-touch-required,verify-required KEY', ownOnTerminal],
  ['expiry-time="20990101" KEY', ownOnTerminal],
  ['expiry-time="20990101Z",expiry-time="209901010000" KEY', ownOnTerminal],
  ['expiry-time="20200101" KEY', refused],
  ['expiry-time="20200101000000Z" KEY', refused],
  ['expiry-time="20990101",expiry-time="20200101" KEY', refused],
  ['from="127.0.0.1" KEY', ownOnTerminal],
  ['from="10.0.0.1,127.0.0.*" KEY', ownOnTerminal],
  ['from="127.0.0.0/8" KEY', ownOnTerminal],
  ['from="0.0.0.0/0" KEY', ownOnTerminal],
  ['from="127.?.0.1" KEY', ownOnTerminal],
  ['from="*" KEY', ownOnTerminal],
  ['from="*,!10.0.0.0/8" KEY', ownOnTerminal],
  ['from="*,!127.0.0.1" KEY', refused],
  ['from="!127.0.0.0/8,127.0.0.1" KEY', refused],
  ['from="!10.0.0.1" KEY', refused],
  ['from="192.0.2.0/24,::1" KEY', refused],
  ['from="::/0" KEY', refused],
  ['from="localhost" KEY', refused],
  ['from="" KEY', refused],
  ['from="127.0.0.1," KEY', refused],
  ['from="127.0.0.1/8" KEY', refused],
  ['from="127.0.0.1/33" KEY', refused],
  [`from="192.0.2.1",${force('first')} KEY\n${force('forced')} KEY`, forcedOnTerminal],
  [`${force('forced')} KEY\nKEY`, forcedOnTerminal],
  [`KEY\n${force('forced')} KEY`, ownOnTerminal],
]

/** Lines with an error in them. */
const malformed: readonly string[] = [
  'unknown KEY',
  'unknown="x" KEY',
  'restrict,unknown KEY',
  'no-no-pty KEY',
  'no-restrict KEY',
  'ptyx KEY',
  'pty="x" KEY',
  'restrict pty KEY',
  'restrict , no-pty KEY',
  'restrict;no-pty KEY',
  'command KEY',
  'command= KEY',
  'command=echo KEY',
  "command='echo' KEY",
  'command="echo KEY',
  'command="echo\\" KEY',
  'command="echo"x KEY',
  'command="echo a",command="echo b" KEY',
  'from="*",from="*" KEY',
  'from=127.0.0.1 KEY',
  'environment="MARK" KEY',
  'environment="=x" KEY',
  'environment="A B=x" KEY',
  'expiry-time="tomorrow" KEY',
  'expiry-time="2099" KEY',
  'expiry-time="20991301" KEY',
  'expiry-time="20990132" KEY',
  'expiry-time="209901012460" KEY',
  'expiry-time="" KEY',
  'cert-authority KEY',
  'restrict',
  'principals="a" KEY',
]

/** Options that sshd takes and we do not: they concern what we do not offer, or are slips. */
const stricter: readonly Row[] = [
  ['permitopen="a:1"', 'the option permitopen= is not understood'],
  ['permitlisten="1"', 'the option permitlisten= is not understood'],
  ['tunnel="0"', 'the option tunnel= is not understood'],
  [',pty', 'its options are malformed'],
  ['pty,', 'its options are malformed'],
  ['pty,,pty', 'its options are malformed'],
]

describe('a line of authorized keys', () => {
  for (const [lines, outcome] of understood) {
    itUnless(reason, `with ${JSON.stringify(lines)} means the same to sshd and us`, async () => {
      expect(await bothLogIn(lines)).toEqual({ sshd: outcome, example: outcome })
    })
  }

  for (const line of malformed) {
    itUnless(reason, `with ${JSON.stringify(line)} lets nobody in, at sshd and here`, async () => {
      expect(await bothLogIn(line)).toEqual({ sshd: refused, example: refused })
      expect(example.log()).toContain('authorized_keys:1 lets nobody in: ')
    })
  }

  for (const [options, warning] of stricter) {
    itUnless(reason, `with ${JSON.stringify(options)} lets somebody in at sshd only`, async () => {
      expect(await bothLogIn(`${options} KEY`)).toEqual({ sshd: ownOnTerminal, example: refused })
      expect(example.log()).toContain(`authorized_keys:1 lets nobody in: ${warning}`)
    })
  }
})

describe('a key with a forced command', () => {
  const wait = 'command="read -r line; echo got; exit 4"'

  itUnless(reason, 'may not signal it, at sshd and here', () =>
    both(`${wait} KEY`, async (server) => {
      const client = await connectRaw(server)
      const channel = await client.openSession()
      channel.send(exec('other'))
      await channel.untilAnswered()
      channel.send(signal('TERM'))
      await channel.untilAnswered()
      expect(channel.replies).toEqual(['SUCCESS', 'FAILURE'])
      channel.send(data('\n'))
      await channel.closed
      expect(channel.exitCode).toBe(4)
      await client.connection.end()
    }),
  )

  itUnless(reason, 'runs it for each session of its connection, subsystems too', () =>
    both('restrict,command="echo forced" KEY', async (server) => {
      const client = await connectRaw(server)
      for (const attempt of ['a', 'b']) {
        const channel = await client.openSession()
        channel.send(pty(), exec(attempt))
        await channel.closed
        expect(channel.replies).toEqual(['FAILURE', 'SUCCESS'])
        expect(channel.stdout.toString()).toBe('forced\n')
      }
      await client.connection.end()
      const sftp = await runClient('ssh', sshArguments(server, ['sftp'], ['-s']))
      expect(sftp.stdout.toString()).toBe('forced\n')
    }),
  )
})

async function both(lines: string, run: (server: ServerUnderTest) => Promise<void>): Promise<void> {
  for (const server of [sshd, example]) {
    authorize(server, lines)
    await run(server)
  }
}

async function bothLogIn(lines: string): Promise<{ sshd: string; example: string }> {
  const [theirs, ours] = await Promise.all([logIn(sshd, lines), logIn(example, lines)])
  return { sshd: theirs, example: ours }
}

/** What somebody gets who asks for a terminal and a command. */
async function logIn(server: ServerUnderTest, lines: string): Promise<string> {
  authorize(server, lines)
  const run = (option: string): Promise<ClientResult> =>
    runClient('ssh', sshArguments(server, [asked], [option]))
  const first = await run('-tt')
  // OpenSSH's client goes no further where the terminal it must have is refused.
  const isBare = first.stderr.includes('PTY allocation request failed')
  const { code, stdout, stderr } = isBare ? await run('-T') : first
  if (code === 255 && stderr.includes('Permission denied (publickey)')) return refused
  if (code !== 0) throw new Error(`ssh ended with ${code}: ${stderr.toString()}`)
  return (isBare ? withoutTerminal : String)(stdout.toString().replaceAll('\r\n', '\n'))
}

/** Both servers read the file anew at each login. */
function authorize(server: ServerUnderTest, lines: string): void {
  const key = readFileSync(`${server.clientKeyFile}.pub`, 'utf8').trim()
  const file = join(dirname(server.clientKeyFile), 'authorized_keys')
  writeFileSync(file, `${lines.replaceAll('KEY', () => key)}\n`)
}
