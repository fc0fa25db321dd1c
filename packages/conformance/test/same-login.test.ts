import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { closedFolderReason } from '../src/peers/closed-folder'
import { itUnless } from '../src/peers/it-with-peers'
import { missingPeerReason } from '../src/peers/missing-peer'
import { missingTerminalReason } from '../src/peers/missing-terminal'
import { startExampleSshd } from '../src/servers/example-sshd'
import { startReferenceSshd } from '../src/servers/reference-sshd'
import { runClient } from '../src/servers/run-client'
import { sshArguments, type ServerUnderTest } from '../src/servers/server-under-test'

const reason =
  missingPeerReason(['ssh', 'sshd', 'ps']) ??
  missingTerminalReason() ??
  closedFolderReason(__filename)

let reference: ServerUnderTest | undefined
let ours: ServerUnderTest | undefined

beforeAll(async () => {
  if (reason !== undefined) return
  reference = await startReferenceSshd({ configuration: ['Subsystem env env -0'] })
  ours = await startExampleSshd({ args: ['--subsystem', 'env=env -0'] })
})
afterAll(async () => {
  await reference?.stop()
  await ours?.stop()
})

/** The ways to a program: options of ssh, and where the command line goes. */
const ways = [
  ['a command', [], 'command'],
  ['a command on a terminal', ['-tt'], 'command'],
  ['a shell', ['-T'], 'input'],
] as const

describe('the variables of sshd and ours (behaviour 7)', () => {
  for (const [name, options, place] of ways) {
    itUnless(reason, `are the same for ${name}`, () =>
      compare('exec env -0', options, place, variablesOf),
    )
  }
  itUnless(reason, 'are the same for a subsystem', () =>
    compare('env', ['-s'], 'command', variablesOf),
  )
})

/** What a program inherits beside variables and descriptors, one command line each. */
const inheritances = [
  ['limits', 'ulimit -a; ulimit -Ha'],
  ['masked, ignored and caught signals', 'exec grep -E "^Sig(Blk|Ign|Cgt):" /proc/self/status'],
  ['mask of new files', 'umask'],
  ['priority and oom score', 'ps -o ni= -p $$; cat /proc/self/oom_score_adj'],
  ['folder', 'pwd; pwd -P'],
  ['name and options of its shell', 'exec cat /proc/$$/cmdline & wait'],
] as const

describe.each(ways)('what %s inherits (behaviour 8)', (_name, options, place) => {
  for (const [subject, command] of inheritances) {
    itUnless(reason, `has the same ${subject}`, () => compare(command, options, place, String))
  }
})

async function compare(
  command: string,
  options: readonly string[],
  place: 'command' | 'input',
  read: (output: Buffer, server: ServerUnderTest) => unknown,
): Promise<void> {
  const [theirs, our] = await Promise.all(
    [reference, ours].map(async (server) => {
      if (server === undefined) throw new Error('the servers did not start')
      const [args, input] = place === 'command' ? [[command], ''] : [[], `${command}\n`]
      const result = await runClient('ssh', sshArguments(server, args, options), { input })
      expect(result.stdout.length).toBeGreaterThan(0)
      return { code: result.code, said: read(result.stdout, server) }
    }),
  )
  expect(our).toEqual(theirs)
  expect(our?.code).toBe(0)
}

/** Every variable by its name, ports and the number of the terminal put aside. */
function variablesOf(output: Buffer, server: ServerUnderTest): object {
  const text = output.toString().replaceAll(` ${server.port}`, ' PORT')
  const entries = text.split('\0').map((entry) => {
    const [name = '', ...rest] = entry.split('=')
    return [name, rest.join('=')] as const
  })
  const { SSH_CLIENT, SSH_CONNECTION, SSH_TTY, ...others } = Object.fromEntries(entries)
  const anyPort = (value: string | undefined): string | undefined =>
    value?.replace(/(?<=^\S+ )\d+/, 'PORT')
  return {
    ...others,
    SSH_CLIENT: anyPort(SSH_CLIENT),
    SSH_CONNECTION: anyPort(SSH_CONNECTION),
    SSH_TTY: SSH_TTY?.replace(/\d+$/, 'N'),
  }
}
