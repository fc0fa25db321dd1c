import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import type { ProcessEvent } from '@hawse/core'
import { digest, portOn, run, streamKinds, type ObservedProcess } from './observed-process'

const closeInput = { type: 'process.closeInput' } as const
const chunkBytes = 32_768

describe.each(streamKinds)('input on %s', (kind) => {
  const sh = (script: string, react?: (event: ProcessEvent) => void): ObservedProcess =>
    run(portOn(kind, ['/bin/sh', '-c', script]), react)

  it('arrives before its end, and the answer still comes back', async () => {
    const program = run(portOn(kind, ['sort']))
    program.write('b\n')
    program.write('a\n')
    program.perform(closeInput)
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toBe('a\nb\n')
    expect(program.takenByteCount()).toBe(4)
    expect(program.count('process.inputClosed')).toBe(0)
  })

  it('says nothing of empty writes, and of writes after the end of input', async () => {
    const program = run(portOn(kind, ['cat']))
    program.write('')
    program.perform(closeInput)
    program.write('late')
    program.perform(closeInput)
    await program.untilCompleted()
    expect(program.count('process.inputWritten') + program.count('process.inputClosed')).toBe(0)
    expect(program.output('stdout')).toHaveLength(0)
  })

  it('is not counted as taken by a program that never reads, and is lost with its end', async () => {
    const program = sh('echo ready; exec sleep 600')
    await program.untilOutput('ready\n')
    for (let index = 0; index < 64; index += 1) program.write(Buffer.alloc(chunkBytes))
    await program.until(() => program.takenByteCount() > 0)
    await run(portOn(kind, ['sleep', '0.1'])).untilCompleted()
    expect(program.takenByteCount()).toBeLessThanOrEqual(16 * chunkBytes)
    program.signal('KILL')
    await program.untilCompleted()
    expect(program.count('process.inputClosed')).toBe(1)
    expect(program.outcome()).toMatchObject({ signal: 'KILL' })
  })

  it('says once that the program closed it, after which writes are lost in silence', async () => {
    const program = sh('exec <&-; echo closed; exec sleep 600')
    await program.untilOutput('closed\n')
    program.write('lost')
    await program.until(() => program.count('process.inputClosed') === 1)
    program.write('lost too')
    program.perform(closeInput)
    program.signal('TERM')
    await program.untilCompleted()
    expect(program.takenByteCount()).toBe(0)
    expect(program.count('process.inputClosed')).toBe(1)
  })

  it('says that bytes queued before its end were lost', async () => {
    const program = sh('echo ready; exec sleep 600')
    await program.untilOutput('ready\n')
    program.write(Buffer.alloc(4_000_000))
    program.perform(closeInput)
    program.signal('TERM')
    await program.untilCompleted()
    expect(program.count('process.inputClosed')).toBe(1)
  })

  it('does not hold up the end where a process that nobody waits for holds it', async () => {
    const program = sh('exec 3<&0; sleep 600 >&- 2>&- <&3 & echo $!')
    await program.untilOutput('\n')
    program.write(Buffer.alloc(4_000_000))
    await program.untilCompleted()
    expect(program.count('process.inputClosed')).toBe(1)
    process.kill(Number(program.output('stdout').toString()))
  })

  it('passes 64 MiB through cat and back under credit and pauses', async () => {
    const totalBytes = 64 * 1_048_576
    const sent = createHash('sha256')
    const received = createHash('sha256')
    const random = randomNumbers(1)
    let sentByteCount = 0
    let receivedByteCount = 0
    const send = (): void => {
      const bytes = Buffer.alloc(Math.min(chunkBytes, totalBytes - sentByteCount), 0)
      for (let at = 0; at + 4 <= bytes.length; at += 64) bytes.writeUInt32LE(random(), at)
      sent.update(bytes)
      sentByteCount += bytes.length
      program.write(bytes)
      if (sentByteCount === totalBytes) program.perform(closeInput)
    }
    const program: ObservedProcess = run(portOn(kind, ['cat']), (event) => {
      if (event.type === 'process.inputWritten' && sentByteCount < totalBytes) send()
      if (event.type !== 'process.output') return
      received.update(event.bytes)
      receivedByteCount += event.bytes.length
      if (random() % 16 === 0) pauseFor(program, random() % 3)
    })
    for (let index = 0; index < 16; index += 1) send()
    await program.untilCompleted()
    expect(program.takenByteCount()).toBe(totalBytes)
    expect(receivedByteCount).toBe(totalBytes)
    expect(received.digest('hex')).toBe(sent.digest('hex'))
  }, 120_000)

  it('passes every byte value', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value))
    const program = run(portOn(kind, ['cat']))
    program.write(bytes)
    program.perform(closeInput)
    await program.untilCompleted()
    expect(digest(program.output('stdout'))).toBe(digest(bytes))
  })
})

function pauseFor(program: ObservedProcess, turnCount: number): void {
  program.perform({ type: 'process.pauseOutput' })
  const resumeAfter = (turnsLeft: number): void => {
    if (turnsLeft > 0) setImmediate(() => resumeAfter(turnsLeft - 1))
    else program.perform({ type: 'process.resumeOutput' })
  }
  setImmediate(() => resumeAfter(turnCount))
}

/** The same numbers on every run (xorshift), 0 to 4294967295. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
