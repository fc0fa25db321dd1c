import { writeFile } from 'node:fs/promises'
import { expect, it } from '../test-framework'
import { fromAsyncIterable, run, stream, toFunction } from '@hawse/core'
import { waitUntil } from '../wait-until'
import { untilPaused, windowBytes, type RunSuite } from './run-suite'

/**
 * What may be in memory of one output before its process stands still: the water mark, the piece that crossed it, what
 * a pipe holds with the piece that filled it, and what was in flight.
 */
const outputBoundBytes = 5 * 65_536

/** What may be asked of a source before a process reads: what pends, one piece, and what kernels hold (terminals 4 KiB). */
const inputBoundBytes = 6 * 65_536

/** Flow: who does not take bytes stops who makes them, in every direction, and loses none. */
export function describeRunFlow(suite: RunSuite): void {
  it('stops a process whose sink takes nothing, and goes on when it does', async () => {
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let takenBytes = 0
    const process = suite.script('head -c 8000000 /dev/zero')
    const running = run(process, {
      stdout: toFunction(({ length }) => {
        takenBytes += length
        return released
      }),
    })
    await untilPaused(process)
    expect(process.outputBytes()).toBeLessThanOrEqual(outputBoundBytes)
    release()
    expect((await running).traffic.stdoutBytes).toBe(8_000_000)
    expect(takenBytes).toBe(8_000_000)
    expect(process.commands).toContain('process.resumeOutput')
  })

  it('stops an endless process whose lines nobody reads', async () => {
    const process = suite.script('exec yes')
    const streaming = stream(process)
    const lines = streaming.lines()
    expect((await lines.next()).value).toBe('y')
    await untilPaused(process)
    expect(process.outputBytes()).toBeLessThanOrEqual(outputBoundBytes)
    await lines.return()
    await streaming.result.catch(() => undefined)
  })

  it('loses nothing to a reader that is slower than the process', async () => {
    const process = suite.script('seq 1 100000')
    const numbers: number[] = []
    for await (const line of stream(process).lines()) {
      numbers.push(Number(line))
      if (numbers.length % 20_000 === 0) await untilPaused(process)
    }
    const firstWrong = numbers.findIndex((number, index) => number !== index + 1)
    expect({ count: numbers.length, firstWrong }).toEqual({ count: 100_000, firstWrong: -1 })
  })

  it('asks a source for no more than the process takes', async () => {
    let givenBytes = 0
    const pieces = function* (): Generator<Uint8Array> {
      while (givenBytes < 4_000_000) {
        givenBytes += 16_000
        yield Buffer.alloc(16_000, 'x')
      }
    }
    const process = suite.script(`echo ready; ${suite.waitFor('go')}; head -c 4000000 | wc -c`)
    const running = run(process, { input: fromAsyncIterable(pieces()) })
    await waitUntil(
      () => process.outputBytes() > 0 && givenBytes > 0,
      () => 'the process never began',
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(givenBytes).toBeLessThanOrEqual(inputBoundBytes + windowBytes(suite.capabilities))
    await writeFile(suite.file('go'), '')
    expect((await running).stdout.replace(/ /g, '')).toBe('ready\n4000000\n')
  })
}
