import { describe, expect, it } from '@jest/globals'
import { Subject } from 'rxjs'
import {
  bytePipe,
  fromAsyncIterable,
  fromBytes,
  redirect,
  toFunction,
  unreported,
  type ProcessEvent,
} from '../../src/index'
import { manualClock, scriptedProcess } from '../../src/testing'

describe('redirecting a process', () => {
  it('asks for the end: the signal, KILL, and then lets go, each after its delay', async () => {
    const { scheduler, advance } = manualClock()
    const process = scriptedProcess()
    const delays = { scheduler, endSignal: 'HUP', killDelayMs: 200, releaseDelayMs: 30 }
    const { ended, end } = redirect(process, {}, delays)
    const asked = (): readonly unknown[] => process.commands.slice(2)
    end()
    end()
    expect(asked()).toEqual([{ type: 'process.signal', signal: 'HUP' }])
    advance(199)
    expect(asked()).toHaveLength(1)
    advance(1)
    expect(asked()).toHaveLength(2)
    expect(asked()[1]).toEqual({ type: 'process.signal', signal: 'KILL' })
    advance(30)
    expect(asked()[2]).toEqual({ type: 'process.disconnect' })
    advance(30)
    expect((await ended).outcome).toEqual(unreported('it did not end when it was told to'))
  })

  it('lets go of outputs soon after the exit of a process that was told to end', async () => {
    const { scheduler, advance } = manualClock()
    const process = scriptedProcess()
    const { ended, end } = redirect(process, {}, { scheduler })
    end()
    process.exit('TERM')
    advance(999)
    expect(process.commands).not.toContainEqual({ type: 'process.disconnect' })
    advance(1)
    expect(process.commands).toContainEqual({ type: 'process.disconnect' })
    process.endOutputs()
    expect((await ended).outcome).toMatchObject({ kind: 'signaled', signal: 'TERM' })
  })

  it('gives up sinks that take nothing when it lets go', async () => {
    const { scheduler, advance } = manualClock()
    const reasons: unknown[] = []
    const stalled = {
      ...toFunction(() => new Promise<void>(() => undefined)),
      abort: (reason: unknown) => void reasons.push(reason),
    }
    const process = scriptedProcess()
    const { ended, end } = redirect(process, { stdout: stalled }, { scheduler })
    process.print('lost')
    process.exit(0)
    process.endOutputs()
    end()
    advance(1000)
    expect(reasons).toMatchObject([{ code: 'STREAM_FAILED' }])
    expect((await ended).traffic.droppedBytes).toBe(4)
  })

  it('sets no timer for a process that is not told to end', async () => {
    const { scheduler, advance } = manualClock()
    const process = scriptedProcess()
    const { ended } = redirect(process, {}, { scheduler })
    process.exit(0)
    advance(1_000_000)
    expect(process.commands.map(({ type }) => type)).toEqual([
      'process.start',
      'process.closeInput',
    ])
    process.endOutputs()
    await ended
  })

  it('pauses while either sink is behind, and resumes once when neither is', async () => {
    const release: (() => void)[] = []
    const slow = toFunction(() => new Promise<void>((resolve) => release.push(resolve)))
    const process = scriptedProcess()
    redirect(process, { stdout: slow, stderr: slow }, { highWaterMarkBytes: 8 })
    const flow = (): readonly string[] =>
      process.commands.map(({ type }) => type).filter((type) => type.endsWith('Output'))
    process.print('12345678')
    expect(flow()).toEqual([])
    process.print('9', 'stderr')
    expect(flow()).toEqual(['process.pauseOutput'])
    release.shift()?.()
    await settled()
    expect(flow()).toEqual(['process.pauseOutput', 'process.resumeOutput'])
  })

  it('waits with the end of a sink for everything before it', async () => {
    const seen: string[] = []
    const process = scriptedProcess()
    const stdout = {
      ...toFunction(async (bytes) => {
        await settled()
        seen.push(Buffer.from(bytes).toString())
      }),
      end: () => void seen.push('end'),
    }
    const { ended } = redirect(process, { stdout })
    for (const word of ['one', 'two']) process.print(word)
    process.exit(0)
    process.endOutputs()
    await ended
    expect(seen).toEqual(['one', 'two', 'end'])
  })

  it('keeps at most 64 KiB of input with a process that takes none', async () => {
    const process = scriptedProcess({ isReading: false })
    redirect(process, { stdin: fromBytes(new Uint8Array(1_000_000)) })
    await settled()
    expect(writtenBytes(process.commands)).toBe(65_536)
    process.emit({ type: 'process.inputWritten', byteCount: 32_768 })
    await settled()
    expect(writtenBytes(process.commands)).toBe(98_304)
  })

  it('closes the input after its last byte, and not before it was given', async () => {
    const process = scriptedProcess()
    redirect(process, { stdin: fromAsyncIterable(['a', 'b']) })
    await settled()
    expect(process.commands.map(({ type }) => type)).toEqual([
      'process.start',
      'process.write',
      'process.write',
      'process.closeInput',
    ])
  })

  it('never closes the input of a process whose source failed', async () => {
    const process = scriptedProcess()
    const { sink, source } = bytePipe()
    const { ended } = redirect(process, { stdin: source })
    sink.abort(new Error('cut'))
    await settled()
    expect(process.commands.at(-1)).toEqual({ type: 'process.signal', signal: 'TERM' })
    expect(process.commands).not.toContainEqual({ type: 'process.closeInput' })
    process.exit('TERM')
    process.endOutputs()
    expect((await ended).streamFailure).toMatchObject({ stream: 'stdin' })
  })

  it('asks a source for nothing more once the process has closed its input', async () => {
    let isCancelled = false
    const stdin = { ...fromAsyncIterable(forever()), cancel: () => void (isCancelled = true) }
    const process = scriptedProcess({ isReading: false })
    redirect(process, { stdin })
    await settled()
    process.emit({ type: 'process.inputClosed' })
    const count = process.commands.length
    process.emit({ type: 'process.inputWritten', byteCount: 65_536 })
    await settled()
    expect(isCancelled).toBe(true)
    expect(process.commands).toHaveLength(count)
  })

  it('ends with what a port that breaks off says of itself', async () => {
    const events = new Subject<ProcessEvent>()
    const { ended } = redirect({ event$: events, perform: () => undefined })
    events.next({ type: 'process.started', outputs: ['stdout'], isTerminal: true })
    events.complete()
    expect((await ended).outcome).toMatchObject({ kind: 'unreported' })
  })

  it('ends the sinks of a process that did not start, with the reason as its outcome', async () => {
    let isEnded = false
    const stdout = { ...toFunction(() => undefined), end: () => void (isEnded = true) }
    const process = scriptedProcess({ isStartedAtOnce: false })
    const { ended } = redirect(process, { stdout })
    process.emit({ type: 'process.startFailed', failure: 'notFound', message: 'x: not found' })
    expect((await ended).outcome).toEqual({
      kind: 'notStarted',
      failure: 'notFound',
      message: 'x: not found',
    })
    expect(isEnded).toBe(true)
  })

  it('refuses a water mark that is none', () => {
    expect(() => redirect(scriptedProcess(), {}, { highWaterMarkBytes: NaN })).toThrow(
      'highWaterMarkBytes is NaN',
    )
  })
})

function* forever(): Generator<Uint8Array> {
  for (;;) yield new Uint8Array(1000)
}

function writtenBytes(commands: readonly { readonly type: string }[]): number {
  return commands.reduce(
    (sum, command) =>
      sum + ('bytes' in command && command.bytes instanceof Uint8Array ? command.bytes.length : 0),
    0,
  )
}

/** Lets everything run that waits for nothing but a turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
