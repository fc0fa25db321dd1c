import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { expect } from 'expect'
import { waitUntil } from '../peers/wait-until'
import { readDigest } from '../servers/output-reader'
import { runClient, startClient } from '../servers/run-client'
import { sshArguments } from '../servers/server-under-test'
import { scenario, type Scenario, type ScenarioContext } from './scenario'

/** Lines of which each output has 25 MB. */
const lineCount = 3_400_000

/** Sessions that share a connection, and what the connection does beneath them. */
export const connectionScenarios: readonly Scenario[] = [
  scenario('serves five sessions of one connection at once', [3, 4, 9, 10, 20], shareConnection),
  scenario('carries both outputs through many key exchanges', [16], carryThroughKeyExchanges),
  scenario('carries input through many key exchanges', [16], async ({ ssh }) => {
    const input = Array.from({ length: 20 }, (_, index) => Buffer.alloc(1_000_000, `${index}\n`))
    const options = ['-o', 'RekeyLimit=1M']
    const result = await ssh('cat', { options, input, stdoutReader: readDigest })
    expect(result.stdout.toString()).toBe(digestOf(input))
    expect(result.code).toBe(0)
  }),
  scenario('carries streams both ways with compression', [9, 10, 16], async ({ ssh }) => {
    const input = Array.from({ length: 20 }, (_, index) => Buffer.alloc(1_000_000, `${index}\n`))
    const result = await ssh('cat; exit 4', { options: ['-C'], input, stdoutReader: readDigest })
    expect(result.stdout.toString()).toBe(digestOf(input))
    expect(result.code).toBe(4)
  }),
]

async function carryThroughKeyExchanges({ ssh }: ScenarioContext): Promise<void> {
  const options = ['-o', 'RekeyLimit=1M']
  const result = await ssh(`seq 1 ${lineCount} & seq 1 ${lineCount} >&2; wait; exit 4`, {
    options,
    stdoutReader: readDigest,
    stderrReader: readDigest,
  })
  const expected = await runClient('seq', ['1', String(lineCount)], { stdoutReader: readDigest })
  expect(result.stdout.toString()).toBe(expected.stdout.toString())
  expect(result.stderr.toString()).toBe(expected.stdout.toString())
  expect(result.code).toBe(4)
  const keyExchanges = result.log.match(/SSH2_MSG_KEXINIT sent/g) ?? []
  expect(keyExchanges.length).toBeGreaterThan(10)
}

async function shareConnection({ server, folder }: ScenarioContext): Promise<void> {
  const path = ['-S', folder.file('control')]
  const master = startClient('ssh', sshArguments(server, [], ['-M', '-N', ...path]), {
    input: null,
  })
  const control = (request: string): Promise<{ code: number | null }> =>
    runClient('ssh', sshArguments(server, [], ['-O', request, ...path]))
  await waitUntil(
    async () => (await control('check')).code === 0,
    () => 'the shared connection should be open',
  )
  const results = await Promise.all([1, 2, 3, 4, 5].map((code) => session(code)))
  expect(results).toEqual([1, 2, 3, 4, 5].map((code) => ({ code, stdout: `${code}\n` })))
  await Promise.all([control('exit'), once(master, 'close')])

  async function session(code: number): Promise<{ code: number | null; stdout: string }> {
    const args = sshArguments(server, [`cat; seq 1 100000 >&2; exit ${code}`], path)
    const result = await runClient('ssh', args, { input: `${code}\n` })
    expect(result.stderr).toHaveLength(588_895)
    return { code: result.code, stdout: result.stdout.toString() }
  }
}

function digestOf(chunks: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  chunks.forEach((chunk) => hash.update(chunk))
  return hash.digest('hex')
}
