import { createHash } from 'node:crypto'
import { expect } from 'expect'
import { readDigest } from '../../servers/output-reader'
import { runClient } from '../../servers/run-client'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** Lines of which each output has 25 MB. */
const lineCount = 3_400_000

/** What a connection does beneath its sessions. */
export const connectionScenarios: readonly Scenario[] = [
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

function digestOf(chunks: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  chunks.forEach((chunk) => hash.update(chunk))
  return hash.digest('hex')
}
