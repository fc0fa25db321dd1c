import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { handler, type HandlerOptions, type HandlerProgram } from '../../src/handler/handler'
import { settled, testBench, type TestBench } from '../streams/test-bench'

/** What would have ended the server. */
const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeEach(() => {
  process.on('unhandledRejection', note)
})
afterEach(async () => {
  // Node tells of a rejection after the microtasks of the turn.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  expect(unhandled.splice(0)).toEqual([])
})

async function run(program: HandlerProgram, options?: HandlerOptions): Promise<TestBench> {
  const bench = testBench({ handlers: { exec: handler(program, options) } })
  bench.client.exec('program')
  await settled()
  return bench
}

describe('a program that breaks', () => {
  it.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['a fraction', 0.5],
    ['a text', '0'],
    ['an object', {}],
    ['a big integer', 0n],
  ])('row 6: that returns %s has failed', async (_what, value) => {
    const errors: unknown[] = []
    const onError = (error: unknown): void => void errors.push(error)
    const bench = await run(() => value as number, { onError })
    expect(bench.client.requests).toEqual([{ name: 'exit-status', code: 1 }])
    expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_ARGUMENT' })])
  })

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['an array', [1]],
  ])('row 6: that writes %s is told, and not the client', async (_what, value) => {
    const bench = await run(async ({ stdout }) => {
      await stdout.write('before ')
      await expect(stdout.write(value as string)).rejects.toThrow('write a string or a Uint8Array')
      void stdout.write(value as string)
      await stdout.write('after')
    })
    expect(bench.client.stdout()).toBe('before after')
    expect(bench.client.requests).toEqual([{ name: 'exit-status', code: 0 }])
  })

  it('row 28: with an onError that rejects, leaves nothing unhandled', async () => {
    const onError = (): unknown => Promise.reject(new Error('log is full'))
    const bench = await run(() => Promise.reject(new Error('bug')), { onError })
    expect(bench.client.requests).toEqual([{ name: 'exit-status', code: 1 }])
  })

  it('row 28: under a tap that rejects, ends, and leaves nothing unhandled', async () => {
    let calls = 0
    const bench = testBench({
      handlers: {
        exec: handler(
          ({ signal }) => new Promise((r) => signal.addEventListener('abort', () => r(0))),
        ),
      },
      session: {
        tap: (): unknown => {
          calls += 1
          return Promise.reject(new Error('disk full'))
        },
      },
    })
    bench.client.exec('program')
    await settled()
    const outcome = await bench.session.outcome
    expect(outcome).toMatchObject({ endedBy: 'failed', reason: 'the tap failed: disk full' })
    expect(calls).toBeLessThan(10)
  })
})
