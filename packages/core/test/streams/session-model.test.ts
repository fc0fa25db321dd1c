import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import type { ChannelMessage } from '../../src/wire/channel-message'
import { joinBytes } from './test-client'
import { largestChunkBytes, playSession, type Action } from './session-model'
import type { ModelOptions, ModelRun } from './session-world'

const byteCount = fc.integer({ min: 1, max: largestChunkBytes })
const output = fc.constantFrom('stdout' as const, 'stderr' as const)

/** What happens in an orderly session, in any order. */
const orderly: readonly fc.WeightedArbitrary<Action>[] = [
  { weight: 6, arbitrary: fc.record({ type: fc.constant('send' as const), byteCount }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('print' as const), output, byteCount }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('take' as const), byteCount }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('read' as const), isReading: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('unknown', 'env', 'signal', 'block', 'unblock', 'accept', 'exec'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      milliseconds: fc.integer({ min: 1, max: 20_000 }),
    }),
  },
]

/** The same, and what cuts a session short or breaks a contract. */
const disorderly: readonly fc.WeightedArbitrary<Action>[] = [
  ...orderly,
  { weight: 2, arbitrary: fc.record({ type: fc.constant('endOutput' as const), output }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('clientEof', 'inputClosed', 'exit', 'exitTwice', 'refuse', 'fail'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('clientClose', 'lose', 'ownerClose') }),
  },
]

const options: fc.Arbitrary<ModelOptions> = fc.record({
  localWindowBytes: fc.integer({ min: 1, max: 100 }),
  localPacketBytes: fc.integer({ min: 1, max: 50 }),
  remoteWindowBytes: fc.integer({ min: 1, max: 100 }),
  remotePacketBytes: fc.integer({ min: 1, max: 50 }),
  highWaterMarkBytes: fc.integer({ min: 1, max: 200 }),
  isWindowWithheld: fc.boolean(),
})

const orderlyActions = fc
  .array(fc.oneof(...orderly), { maxLength: 60 })
  .map((actions): Action[] => [{ type: 'exec' }, { type: 'accept' }, ...actions])

const disorderlyActions = fc.array(fc.oneof(...disorderly), { maxLength: 60 })

describe('any session, whatever the order of what happens', () => {
  it('orderly: brings every byte of every stream once and in order, and ends', async () => {
    const property = fc.asyncProperty(orderlyActions, options, async (actions, settings) => {
      const run = await playSession(actions, settings)
      expectOrder(run.sent)
      expectBounds(run, settings)
      expect(run.isUndisturbed).toBe(true)
      expect(run.received).toEqual(run.printed)
      expect(run.outcome).toMatchObject({ endedBy: 'process', exit: { kind: 'exited', code: 3 } })
      expect(run.sent.filter(isReport)).toHaveLength(1)
      expect(run.sent.filter(({ type }) => type === 'eof')).toHaveLength(1)
    })
    await fc.assert(property, { numRuns: 400 })
  })

  it('disorderly: keeps order, bounds and replies, loses nothing in the middle, and ends', async () => {
    const property = fc.asyncProperty(disorderlyActions, options, async (actions, settings) => {
      const run = await playSession(actions, settings)
      expectOrder(run.sent)
      expectBounds(run, settings)
      expectReplies(run)
      expectPrefix(run.received.stdout, run.printed.stdout)
      expectPrefix(run.received.stderr, run.printed.stderr)
      expectPrefix(inputOf(run), run.typed)
      expect(run.sent.at(-1)?.type === 'close' || run.outcome.endedBy !== 'process').toBe(true)
    })
    await fc.assert(property, { numRuns: 600 })
  })
})

/** Rows 19 and 20, read off the wire. */
function expectOrder(sent: readonly ChannelMessage[]): void {
  const eof = sent.findIndex(({ type }) => type === 'eof')
  const close = sent.findIndex(({ type }) => type === 'close')
  if (eof !== -1) expect(sent.slice(eof + 1).some(isData)).toBe(false)
  if (close !== -1) expect(close).toBe(sent.length - 1)
  expect(sent.filter(({ type }) => type === 'eof').length).toBeLessThanOrEqual(1)
  expect(sent.filter(isReport).length).toBeLessThanOrEqual(1)
}

/** Row 16: the bound that is published. Lines of the session itself are short, and come in addition. */
function expectBounds(run: ModelRun, settings: ModelOptions): void {
  const lineBytes = 400
  expect(run.largestUnwrittenBytes).toBeLessThanOrEqual(
    settings.highWaterMarkBytes + 2 * largestChunkBytes + lineBytes,
  )
  expect(run.largestHeldInputBytes).toBeLessThanOrEqual(settings.localWindowBytes * 1.1)
  const flow = run.commands.map(({ type }) => type).filter((type) => /pause|resume/.test(type))
  const alternating = flow.map((_, index) =>
    index % 2 === 0 ? 'process.pauseOutput' : 'process.resumeOutput',
  )
  expect(flow).toEqual(alternating)
}

/** Row 4: one reply per request, in order; a client that left or was lost gets no more. */
function expectReplies({ replies, wanted, isReplyOwed }: ModelRun): void {
  expect(replies.length).toBeLessThanOrEqual(wanted.length)
  if (isReplyOwed) expect(replies).toHaveLength(wanted.length)
  replies.forEach((reply, index) => {
    const expected = wanted[index]
    if (typeof expected === 'boolean') expect(reply).toBe(expected)
  })
}

function expectPrefix(part: Uint8Array, whole: Uint8Array): void {
  expect(part).toEqual(whole.slice(0, part.length))
}

function inputOf({ commands }: ModelRun): Uint8Array {
  return joinBytes(
    commands.flatMap((command) => (command.type === 'process.write' ? [command.bytes] : [])),
  )
}

function isData({ type }: ChannelMessage): boolean {
  return type === 'data' || type === 'extendedData'
}

function isReport(message: ChannelMessage): boolean {
  return message.type === 'request' && message.request.name.startsWith('exit-')
}
