import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'expect'
import { readAll, readDigest, readSlowly, type OutputReader } from '../../servers/output-reader'
import { runClient } from '../../servers/run-client'
import { sshArguments } from '../../servers/server-under-test'
import { expectSameBytes } from '../same-bytes'
import { scenario, type Scenario } from '../scenario'

const megabyte = 1_048_576

/** What streams carry, and how they end. */
export const streamScenarios: readonly Scenario[] = [
  scenario('passes input, its end, and the answer after that', [10], async ({ ssh }) => {
    const result = await ssh('sort', { input: 'b\na\n' })
    expect(result.stdout.toString()).toBe('a\nb\n')
    expect(result.code).toBe(0)
  }),
  scenario('passes every byte value both ways', [9, 10], async ({ ssh }) => {
    const input = Buffer.concat([everyByteValue, randomBytes(100_000)])
    const result = await ssh('tee /dev/stderr', { input })
    expectSameBytes(result.stdout, input)
    expectSameBytes(result.stderr, input)
  }),
  scenario('ends a writer whose reader has gone', [12], async ({ server }) => {
    const args = ['-c', '"$@" | head -n 1', 'sh', 'ssh', ...sshArguments(server, ['yes'])]
    const result = await runClient('sh', args)
    expect(result.stdout.toString()).toBe('y\n')
  }),
  scenario('passes 8 MB on each output in turn to slow readers', [16], async ({ ssh }) => {
    const stdoutReader = readSlowly(2)
    const result = await ssh(alternate(8), { stdoutReader, stderrReader: readSlowly(3) })
    const expected = digest(Buffer.concat(Array.from({ length: 8 }, (_, i) => numbers(i))))
    expect(digest(result.stdout)).toBe(expected)
    expect(digest(result.stderr)).toBe(expected)
    expect(result.code).toBe(9)
  }),
  scenario('passes stderr while stdout is not read', [9, 16], async ({ ssh }) => {
    const readers = readersInTurn(14_888_896)
    const command = 'head -c 262144 /dev/zero; seq 1 2000000 >&2; exit 3'
    const result = await ssh(command, readers)
    expect(result.stdout).toHaveLength(262_144)
    expect(result.stderr.subarray(-8).toString()).toBe('2000000\n')
    expect(result.stderr).toHaveLength(14_888_896)
    expect(result.code).toBe(3)
  }),
  scenario('passes 200 MB both ways', [9, 10, 16], async ({ ssh }) => {
    const input = Array.from({ length: 200 }, (_, index) => numbers(index % 8))
    const result = await ssh('cat', { input, stdoutReader: readDigest })
    const hash = createHash('sha256')
    input.forEach((chunk) => hash.update(chunk))
    expect(result.stdout.toString()).toBe(hash.digest('hex'))
    expect(result.code).toBe(0)
  }),
  scenario('ends well when the program leaves most of its input', [11], async ({ ssh }) => {
    const input = Array.from({ length: 20 }, (_, index) => numbers(index % 8))
    const result = await ssh('head -c 1; exit 5', { input })
    expect(result.stdout.toString()).toBe('0')
    expect(result.code).toBe(5)
  }),
  scenario('runs on after the program has closed its input', [11], async ({ ssh }) => {
    const input = Array.from({ length: 20 }, (_, index) => numbers(index % 8))
    const result = await ssh('exec <&-; seq 1 300000; exit 5', { input })
    expect(result.stdout.subarray(-7).toString()).toBe('300000\n')
    expect(result.code).toBe(5)
  }),
  scenario('lets a program open its streams again by name', [9, 10], async ({ ssh }) => {
    const command = 'cat /dev/stdin; echo out > /dev/stdout; echo err > /dev/stderr'
    const result = await ssh(command, { input: 'by name\n' })
    expect(result.stdout.toString()).toBe('by name\nout\n')
    expect(result.stderr.toString()).toBe('err\n')
  }),
]

const numberedMegabytes = new Map<number, Buffer>()

const everyByteValue = Buffer.from(Array.from({ length: 256 }, (_, value) => value))

/** Writes whole megabytes of numbered lines on stdout and stderr in turn. */
function alternate(megabytes: number): string {
  const lines = megabyte / 8
  const sequence = `seq -f %07.0f $((i*${lines})) $((i*${lines}+${lines - 1}))`
  const body = `${sequence}; ${sequence} >&2; i=$((i+1))`
  return `i=0; while [ $i -lt ${megabytes} ]; do ${body}; done; exit 9`
}

/** One megabyte of numbered lines of 8 bytes. */
function numbers(index: number): Buffer {
  const known = numberedMegabytes.get(index)
  if (known !== undefined) return known
  const lines = megabyte / 8
  const line = (_: unknown, offset: number): string =>
    `${String(index * lines + offset).padStart(7, '0')}\n`
  const bytes = Buffer.from(Array.from({ length: lines }, line).join(''))
  numberedMegabytes.set(index, bytes)
  return bytes
}

/** Readers of which that of stdout begins when that of stderr has what it waits for. */
function readersInTurn(stderrByteCount: number): {
  stdoutReader: OutputReader
  stderrReader: OutputReader
} {
  let finish = (): void => undefined
  const isDone = new Promise<void>((resolve) => (finish = resolve))
  return {
    stdoutReader: async (stream) => {
      await isDone
      return readAll(stream)
    },
    stderrReader: async (stream) => {
      const chunks: Buffer[] = []
      let remaining = stderrByteCount
      for await (const chunk of stream) {
        chunks.push(chunk as Buffer)
        remaining -= (chunk as Buffer).length
        if (remaining <= 0) finish()
      }
      finish()
      return Buffer.concat(chunks)
    },
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
