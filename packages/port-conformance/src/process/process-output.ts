import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { expect, it } from '../test-framework'
import type { OutputName } from '@hawse/core'
import type { ProcessProbe } from './process-probe'
import { scriptArguments, type ProcessSuite } from './process-suite'

/** Output: every byte, in order, then its end, once. */
export function describeProcessOutput(suite: ProcessSuite): void {
  it('delivers every byte value and megabytes exactly', async () => {
    const bytes = Buffer.concat([everyByteValue, randomBytes(3_000_000)])
    await writeFile(suite.file('data'), bytes)
    const probe = suite.run('cat "$1"', suite.file('data'))
    await probe.untilCompleted()
    expect(digest(probe.output('stdout'))).toBe(digest(bytes))
  })

  it('ends each output once, after its last byte', async () => {
    const probe = suite.run('seq 1 20000; seq 1 20000 >&2')
    await probe.untilCompleted()
    outputsOf(suite).forEach((output) => expectOneEnd(probe, output))
  })

  it('gives bytes that the receiver owns', async () => {
    const hash = createHash('sha256')
    const probe = suite.make(scriptArguments('seq 1 200000', [], suite.capabilities), (event) => {
      if (event.type !== 'process.output') return
      hash.update(event.bytes)
      event.bytes.fill(0)
    })
    probe.perform({ type: 'process.start' })
    await probe.untilCompleted()
    expect(hash.digest('hex')).toBe(digest(numbers(200_000)))
    expect(probe.output('stdout').every((byte) => byte === 0)).toBe(true)
  })

  it('lends what is right while it is told, where that is enough', async () => {
    const hash = createHash('sha256')
    const probe = suite.make(scriptArguments('seq 1 200000', [], suite.capabilities), (event) => {
      if (event.type === 'process.output') hash.update(event.bytes)
    })
    probe.perform({ type: 'process.lendOutput' })
    probe.perform({ type: 'process.start' })
    await probe.untilCompleted()
    expect(hash.digest('hex')).toBe(digest(numbers(200_000)))
  })

  if (suite.capabilities.isTerminal) {
    it('delivers both outputs as stdout', async () => {
      const probe = suite.run('echo out; echo err >&2')
      await probe.untilCompleted()
      expect(probe.output('stdout').toString()).toBe('out\nerr\n')
      expect(probe.output('stderr')).toHaveLength(0)
    })
    return
  }

  it('keeps stdout and stderr apart', async () => {
    const probe = suite.run('echo out; echo err >&2')
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe('out\n')
    expect(probe.output('stderr').toString()).toBe('err\n')
  })

  it('delivers two flooding outputs exactly', async () => {
    const probe = suite.run('seq 1 300000 & seq 1 300000 >&2; wait')
    await probe.untilCompleted()
    expect(digest(probe.output('stdout'))).toBe(digest(numbers(300_000)))
    expect(digest(probe.output('stderr'))).toBe(digest(numbers(300_000)))
  })

  // SSH_MSG_CHANNEL_EOF speaks for both outputs.
  if (suite.capabilities.isRemote === true) return

  it('ends an output that the process closes while it runs on', async () => {
    const probe = suite.run('echo out; exec >&-; read line; echo err >&2')
    await probe.first('process.outputEnded')
    expect(probe.all('process.outputEnded')).toEqual([
      { type: 'process.outputEnded', output: 'stdout' },
    ])
    probe.perform({ type: 'process.closeInput' })
    await probe.untilCompleted()
    expect(probe.output('stderr').toString()).toContain('err\n')
  })
}

/** SHA-256 of some bytes, in hexadecimal: a failed comparison stays readable. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What `seq 1 last` prints. */
export function numbers(last: number): Buffer {
  return Buffer.from(Array.from({ length: last }, (_, index) => `${index + 1}\n`).join(''))
}

/** Each byte value once, in order. */
export const everyByteValue = Buffer.from(Array.from({ length: 256 }, (_, value) => value))

function outputsOf(suite: ProcessSuite): readonly OutputName[] {
  return suite.capabilities.isTerminal ? ['stdout'] : ['stdout', 'stderr']
}

function expectOneEnd(probe: ProcessProbe, output: OutputName): void {
  const facts = probe.events.filter((event) => 'output' in event && event.output === output)
  const ends = facts.filter((event) => event.type === 'process.outputEnded')
  expect(ends).toHaveLength(1)
  expect(facts.at(-1)).toEqual({ type: 'process.outputEnded', output })
}
