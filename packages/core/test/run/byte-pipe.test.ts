import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bytePipe, iterableOf, linesOf, fromAsyncIterable } from '../../src/index'
import { GatheredBytes } from '../../src/run/gathered-bytes'

describe('a pipe in memory', () => {
  it('gives what was written, whole and in order, then its end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array()), fc.nat(64), async (pieces, capacityBytes) => {
        const { sink, source } = bytePipe(capacityBytes)
        const writing = (async () => {
          for (const piece of pieces) await sink.write(piece)
          await sink.end()
        })()
        const read: Uint8Array[] = []
        for await (const piece of iterableOf(source)) read.push(piece)
        await writing
        expect(Buffer.concat(read)).toEqual(Buffer.concat(pieces))
      }),
    )
  })

  it('makes a write wait that goes beyond its capacity, until so much was read', async () => {
    const { sink, source } = bytePipe(4)
    expect(sink.write(new Uint8Array(4))).toBeUndefined()
    let isTaken = false
    const writing = sink.write(new Uint8Array(1))?.then(() => (isTaken = true))
    await Promise.resolve()
    expect(isTaken).toBe(false)
    await source.read()
    await writing
    expect(isTaken).toBe(true)
  })

  it('rejects writes, also one that waits, once nobody reads', async () => {
    const { sink, source } = bytePipe(0)
    const waiting = sink.write(new Uint8Array(1))
    source.cancel()
    await expect(waiting).rejects.toMatchObject({ code: 'OUTPUT_CLOSED' })
    await expect(sink.write(new Uint8Array(1))).rejects.toMatchObject({ code: 'OUTPUT_CLOSED' })
    await sink.closed
  })

  it('gives what came before an abort, and then its reason', async () => {
    const { sink, source } = bytePipe()
    const reason = new Error('cut')
    void sink.write(Buffer.from('half'))
    sink.abort(reason)
    expect(await source.read()).toEqual(Buffer.from('half'))
    await expect(source.read()).rejects.toBe(reason)
  })

  it('refuses a capacity that is none', () => {
    expect(() => bytePipe(-1)).toThrow('capacityBytes is -1')
  })
})

describe('gathering bytes', () => {
  it('keeps exactly as many as may be, however they come, and says once that there are more', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), fc.nat(40), (pieces, maximumBytes) => {
        let exceededCount = 0
        const gathered = new GatheredBytes(maximumBytes, () => (exceededCount += 1))
        for (const piece of pieces) gathered.write(piece)
        const all = Buffer.concat(pieces)
        expect(Buffer.from(gathered.bytes())).toEqual(all.subarray(0, maximumBytes))
        expect(exceededCount).toBe(all.length > maximumBytes ? 1 : 0)
      }),
    )
  })
})

describe('lines', () => {
  it('are the same however the bytes come', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r\n', '\r') })
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(20)), async (written, lengths) => {
        const lines: string[] = []
        for await (const line of linesOf(fromAsyncIterable(cut(written, lengths)))) lines.push(line)
        const expected = written.split('\n').map((line) => line.replace(/\r$/, ''))
        if (written === '' || written.endsWith('\n')) expected.pop()
        expect(lines).toEqual(expected)
      }),
    )
  })
})

function cut(text: string, lengths: readonly number[]): readonly Uint8Array[] {
  let rest = Buffer.from(text)
  const pieces = lengths.map((length) => {
    const piece = rest.subarray(0, length)
    rest = rest.subarray(length)
    return piece
  })
  return [...pieces, rest]
}
