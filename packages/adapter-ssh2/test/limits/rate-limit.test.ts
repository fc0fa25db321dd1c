import { expect, it } from '@jest/globals'
import { createRateLimit } from '../../src/limits/rate-limit'

it('lets so many through at once, and as many again in the second after', () => {
  let nowMs = 0
  const limit = createRateLimit(() => nowMs)
  const takeAll = (): number => {
    let taken = 0
    while (limit.take(10)) taken += 1
    return taken
  }
  expect(takeAll()).toBe(10)
  nowMs = 99
  expect(takeAll()).toBe(0)
  nowMs = 500
  expect(takeAll()).toBe(5)
  nowMs = 60_000
  expect(takeAll()).toBe(10)
})

it('lets everything through where there is no limit', () => {
  const limit = createRateLimit(() => 0)
  expect(Array.from({ length: 1_000 }, () => limit.take(Infinity))).not.toContain(false)
})
