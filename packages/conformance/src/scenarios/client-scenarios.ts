import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'expect'
import { capabilities, type Capability, type SshClient } from '../clients/client'
import { sshClients } from '../clients/ssh-clients'
import { openTerminalWindow } from '../peers/terminal-window'
import { readDigest } from '../servers/output-reader'
import { runClient, type ClientOptions, type ClientResult } from '../servers/run-client'
import { expectSameBytes } from './same-bytes'
import { scenario, type Scenario, type ScenarioContext } from './scenario'

const megabyte = 1_048_576

const everyByteValue = Buffer.from(Array.from({ length: 256 }, (_, value) => value))

/** Runs the client under test with a remote command, or for a shell without one. */
type Run = (command: string | undefined, options?: ClientOptions) => Promise<ClientResult>

interface Proof {
  readonly rows: readonly number[]
  readonly prove: (run: Run, client: SshClient, context: ScenarioContext) => Promise<void>
}

/** What shows each capability; input never ends where it does not matter, as at a terminal. */
const proofs: Readonly<Record<Capability, Proof>> = {
  output: { rows: [9], prove: passEveryByte },
  'exit code': { rows: [20, 21], prove: passExitCodes },
  stderr: { rows: [9], prove: passStderr },
  'end of input': { rows: [10], prove: passEndOfInput },
  transfer: { rows: [9, 10, 16], prove: passBothWays },
  shell: { rows: [3, 8, 10], prove: feedShell },
  'late output': { rows: [19, 22], prove: passLateOutput },
  signal: { rows: [21], prove: showDeath },
  terminal: { rows: [2, 9, 13, 20], prove: openTerminal },
}

/** Every client that people use, asked for the same. */
export const clientScenarios: readonly Scenario[] = sshClients.flatMap((client) =>
  (Object.keys(capabilities) as Capability[])
    .filter((capability) => client.cannot[capability] === undefined)
    .map((capability) => clientScenario(client, capability)),
)

function clientScenario(client: SshClient, capability: Capability): Scenario {
  const { rows, prove } = proofs[capability]
  const needsTerminal = capability === 'terminal'
  return scenario(
    `${client.name}: ${capabilities[capability]}`,
    rows,
    async (context) => {
      const commandLine = await client.prepare(context.server, context.folder)
      const run: Run = (remoteCommand, options) => {
        const { command, args, environment } = commandLine(remoteCommand)
        return runClient(command, args, { environment, ...options })
      }
      await prove(run, client, context)
    },
    {
      programs: needsTerminal ? [...client.programs, 'tmux'] : client.programs,
      missing: client.missing,
      needsTerminal,
      peer: { name: client.name, capability },
    },
  )
}

async function passEveryByte(run: Run): Promise<void> {
  const octal = [...everyByteValue].map((value) => `\\${value.toString(8).padStart(3, '0')}`)
  const { stdout, code } = await run(`printf '${octal.join('')}'`, { input: null })
  expectSameBytes(stdout, everyByteValue)
  expect(code).toBe(0)
}

async function passExitCodes(run: Run): Promise<void> {
  const expected = [0, 1, 7, 255]
  const codes: (number | null)[] = []
  for (const code of expected) codes.push((await run(`exit ${code}`, { input: null })).code)
  expect(codes).toEqual(expected)
}

async function passStderr(run: Run): Promise<void> {
  const result = await run('echo out; echo err >&2; exit 7', { input: null })
  expect(text(result)).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\n' })
}

async function passEndOfInput(run: Run): Promise<void> {
  const result = await run('sort; echo end; exit 5', { input: 'b\na\n' })
  expect(text(result)).toEqual({ code: 5, stdout: 'a\nb\nend\n', stderr: '' })
}

async function passBothWays(run: Run): Promise<void> {
  const input = randomBytes(32 * megabyte)
  const result = await run('cat; exit 5', { input, stdoutReader: readDigest })
  expect(result.stdout.toString()).toBe(createHash('sha256').update(input).digest('hex'))
  expect(result.code).toBe(5)
}

async function feedShell(run: Run): Promise<void> {
  const result = await run(undefined, { input: 'echo "$0"\nexit 4\n' })
  expect(result.stdout.toString()).toMatch(/^-(ba|da|z|k)?sh\n$/)
  expect(result.code).toBe(4)
}

async function passLateOutput(run: Run): Promise<void> {
  const command = '(sleep .3; echo late) & echo early; exit 3'
  const result = await run(command, { input: null })
  expect(text(result)).toEqual({ code: 3, stdout: 'early\nlate\n', stderr: '' })
}

async function showDeath(run: Run, { deathBySignal }: SshClient): Promise<void> {
  const result = await run('echo out; kill -TERM $$', { input: null })
  expect(text(result)).toEqual({ ...deathBySignal, stdout: 'out\n' })
}

/** In a window, for programs take the size from their own terminal; libraries are told it. */
async function openTerminal(_: Run, client: SshClient, context: ScenarioContext): Promise<void> {
  const { server, folder } = context
  const terminal = { columns: 101, rows: 31 }
  const commandLine = await client.prepare(server, folder)
  const remote = 'tty; stty size; echo ready; read line; echo "got $line"; exit 6'
  const { command, args, environment } = commandLine(remote, { terminal })
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const words = ['env', ...variables, command, ...args]
  const window = openTerminalWindow(folder, words.map(quote).join(' '), terminal)
  try {
    await window.waitForText(/^\/dev\/pts\/\d+$[^]*^31 101$[^]*^ready$/m)
    window.type('a line')
    window.press('Enter')
    await window.waitForText(/^got a line$/m)
    expect(await window.waitForExitCode()).toBe(6)
  } finally {
    window.close()
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

function text({ code, stdout, stderr }: ClientResult): object {
  return { code, stdout: stdout.toString(), stderr: stderr.toString() }
}
