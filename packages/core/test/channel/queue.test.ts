import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { emptyQueue, pop, push, pushBytes, toArray, type Queue } from '../../src/channel/queue'

const chunks = {
  bytesOf: (chunk: Uint8Array) => chunk,
  make: (bytes: Uint8Array) => bytes,
}

describe('pushBytes', () => {
  it('keeps all bytes in order, in few pieces, whatever the lengths and whenever some are taken', () => {
    const lengths = fc.array(fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 6_000 })), {
      maxLength: 300,
    })
    fc.assert(
      fc.property(lengths, (steps) => {
        let queue: Queue<Uint8Array> = emptyQueue()
        const given: number[] = []
        const taken: number[] = []
        for (const step of steps) {
          const head = step === -1 ? pop(queue) : undefined
          if (head !== undefined) {
            taken.push(...head[0])
            queue = head[1]
          }
          if (step === -1) continue
          const bytes = Uint8Array.from(
            { length: step },
            (_, index) => (given.length + index) % 251,
          )
          given.push(...bytes)
          queue = pushBytes(queue, bytes, chunks)
        }
        const left = toArray(queue)
        expect(left).toHaveLength(queue.length)
        expect(Buffer.from([...taken, ...left.flatMap((chunk) => [...chunk])])).toEqual(
          Buffer.from(given),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('keeps a million single bytes in few pieces', () => {
    let queue: Queue<Uint8Array> = emptyQueue()
    for (let index = 0; index < 1_000_000; index += 1) {
      queue = pushBytes(queue, Uint8Array.of(index), chunks)
    }
    expect(queue.length).toBeLessThan(1_000_000 / 4_096 + 100)
  })

  it('keeps ever shorter pieces, the worst there is, within its bound', () => {
    let queue: Queue<Uint8Array> = emptyQueue()
    for (let length = 2_048; length > 0; length -= 1) {
      queue = pushBytes(queue, new Uint8Array(length), chunks)
    }
    const byteCount = toArray(queue).reduce((sum, { length }) => sum + length, 0)
    expect(byteCount).toBe((2_048 * 2_049) / 2)
    expect(queue.length).toBeLessThanOrEqual(byteCount / 4_096 + Math.sqrt(2 * byteCount) + 1)
  })

  it('joins nothing across an item that is not bytes', () => {
    type Item = Uint8Array | 'mark'
    const items = {
      bytesOf: (item: Item) => (item === 'mark' ? undefined : item),
      make: (bytes: Uint8Array): Item => bytes,
    }
    let queue: Queue<Item> = pushBytes(emptyQueue<Item>(), Uint8Array.of(1), items)
    queue = pushBytes(push<Item>(queue, 'mark'), Uint8Array.of(2), items)
    queue = pushBytes(queue, Uint8Array.of(3), items)
    expect(toArray(queue)).toEqual([Uint8Array.of(1), 'mark', Uint8Array.of(2, 3)])
  })
})
