import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { NewestOutput } from '../src/view/newest-output'

const outputs = ['stdout', 'stderr'] as const

describe('the newest output', () => {
  it('is the end of what came, in order, and a count of the rest', () => {
    const piece = fc.record({
      output: fc.constantFrom(...outputs),
      bytes: fc.uint8Array({ maxLength: 40 }),
    })
    const property = fc.property(fc.array(piece), fc.nat({ max: 200 }), (pieces, maximumBytes) => {
      const newest = new NewestOutput(maximumBytes)
      for (const { output, bytes } of pieces) newest.add(output, bytes)
      const tagged = (all: readonly (typeof pieces)[number][]): string[] =>
        all.flatMap(({ output, bytes }) => [...bytes].map((byte) => `${output} ${byte}`))
      const came = tagged(pieces)
      const kept = tagged(newest.read() as typeof pieces)
      expect(kept.length).toBeLessThanOrEqual(maximumBytes)
      expect(kept).toEqual(came.slice(came.length - kept.length))
      expect(newest.droppedBytes).toBe(came.length - kept.length)
      // What switches between the outputs at every byte may keep less, for its pieces cost memory.
      if (pieces.length <= 16) expect(kept).toHaveLength(Math.min(maximumBytes, came.length))
    })
    fc.assert(property)
  })

  it('keeps copies', () => {
    const newest = new NewestOutput(10)
    const bytes = Buffer.from('abc')
    newest.add('stdout', bytes)
    bytes.fill(0)
    newest.read()[0]?.bytes.fill(0)
    expect(Buffer.from(newest.read()[0]!.bytes).toString()).toBe('abc')
  })

  it('keeps no more pieces than its bound is worth', () => {
    const newest = new NewestOutput(6_400)
    for (let count = 0; count < 10_000; count += 1) {
      newest.add(outputs[count % 2]!, Uint8Array.of(count))
    }
    expect(newest.read().length).toBeLessThanOrEqual(116)
  })
})
