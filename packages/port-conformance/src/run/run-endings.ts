import { existsSync } from 'node:fs'
import { expect, it } from '../test-framework'
import { fromAsyncIterable, run, toFunction, type RunOptions } from '@hawse/core'
import { manualClock } from '@hawse/core/testing'
import { waitUntil } from '../wait-until'
import { runErrorOf, type RunSuite } from './run-suite'

/** Endings: time limits, abort signals, streams that fail, and processes that do not want to end. */
export function describeRunEndings(suite: RunSuite): void {
  const { isTerminal } = suite.capabilities
  const loop = 'echo ready; while [ -d "${1%/*}" ]; do sleep 0.05; done'
  const folder = (): string => suite.file('any')

  it('tells a process to end when its time is over, and gives what it says to that', async () => {
    const clock = manualClock()
    const heard = listen()
    const process = suite.script(`trap "echo bye; exit 7" TERM; ${loop}`, folder())
    const timed = { timeoutMs: 1000, scheduler: clock.scheduler, command: 'wait' }
    const running = runErrorOf(run(process, { ...heard.options, ...timed }))
    await heard.until('ready')
    clock.advance(1000)
    const error = await running
    expect(error).toMatchObject({ code: 'PROCESS_TIMED_OUT', fault: 'remote' })
    // A shell may add that its `sleep` was terminated.
    const [words] = error.message.split('\n')
    expect(words).toBe('wait took longer than 1000 ms, was told to end, and exited with 7')
    expect(error.result).toMatchObject({ endedBy: 'timeout', durationMs: 1000 })
    expect(heard.text()).toContain('bye')
  })

  it('leaves a process alone that ends within its time', async () => {
    const result = await run(suite.script('exit 0'), { timeoutMs: 600_000 })
    expect(result.endedBy).toBe('process')
  })

  it('kills a process that does not end when told to, after the stated delay', async () => {
    const clock = manualClock()
    const heard = listen()
    const process = suite.script(`trap "" TERM; ${loop}`, folder())
    const timed = { timeoutMs: 1000, killDelayMs: 500, scheduler: clock.scheduler }
    const running = runErrorOf(run(process, { ...heard.options, ...timed }))
    await heard.until('ready')
    clock.advance(1499)
    expect(process.commands.filter((type) => type === 'process.signal')).toHaveLength(1)
    clock.advance(1)
    const { result } = await running
    expect(result.outcome).toMatchObject({ kind: 'signaled', signal: 'KILL' })
    expect(result.endedBy).toBe('timeout')
  })

  it('sends the signal that the options name', async () => {
    const heard = listen()
    const controller = new AbortController()
    const process = suite.script(`trap "exit 9" INT; ${loop}`, folder())
    const options = { ...heard.options, signal: controller.signal, endSignal: 'INT' }
    const running = runErrorOf(run(process, options))
    await heard.until('ready')
    controller.abort()
    expect((await running).result.outcome).toEqual({ kind: 'exited', code: 9 })
  })

  it('ends the process when the signal is aborted, and gives its reason as cause', async () => {
    const heard = listen()
    const controller = new AbortController()
    const process = suite.script(loop, folder())
    const running = runErrorOf(run(process, { ...heard.options, signal: controller.signal }))
    await heard.until('ready')
    const reason = new Error('no longer wanted')
    controller.abort(reason)
    const error = await running
    expect(error).toMatchObject({ code: 'PROCESS_ABORTED', fault: 'local', cause: reason })
    expect(error.message).toMatch(/^the process was aborted \(no longer wanted\), and /)
    expect(error.result).toMatchObject({ endedBy: 'abort', outcome: { signal: 'TERM' } })
  })

  it('ends the process when the source of its input fails', async () => {
    const failure = new Error('the disk is gone')
    const script = 'echo ready; cat > "$1"; echo complete > "$2"'
    const process = suite.script(script, folder(), suite.file('done'))
    const pieces = async function* (): AsyncGenerator<string> {
      yield 'begun\n'
      // A signal that comes before a server has become the program is lost on the way, as with sshd.
      await waitUntil(
        () => process.outputBytes() > 0,
        () => 'the process never began',
      )
      throw failure
    }
    const error = await runErrorOf(run(process, { input: fromAsyncIterable(pieces()) }))
    expect(error).toMatchObject({ code: 'STREAM_FAILED', cause: failure })
    expect(error.message).toContain('because stdin failed (the disk is gone)')
    expect(error.result.outcome).toMatchObject({ kind: 'signaled', signal: 'TERM' })
    expect(existsSync(suite.file('done'))).toBe(false)
  })

  it('ends the process when a sink fails, and counts what the sink did not take', async () => {
    const failure = new Error('the disk is full')
    const stdout = toFunction(() => Promise.reject(failure))
    const error = await runErrorOf(run(suite.script('exec yes'), { stdout }))
    expect(error).toMatchObject({ code: 'STREAM_FAILED', cause: failure })
    expect(error.result.traffic.droppedBytes).toBeGreaterThan(0)
    expect(error.result.traffic.droppedBytes).toBe(error.result.traffic.stdoutBytes)
  })

  it('says so where a sink fails after the process has ended well', async () => {
    const stdout = { ...toFunction(() => undefined), end: () => Promise.reject(new Error('full')) }
    const error = await runErrorOf(run(suite.script('echo out'), { stdout }))
    expect(error.code).toBe('STREAM_FAILED')
    expect(error.message).toMatch(/because stdout failed \(full\), and exited with 0$/)
  })

  it('frees the source when the process ends without reading all of it', async () => {
    let isFreed = false
    const pieces = function* (): Generator<string> {
      try {
        for (;;) yield 'more\n'
      } finally {
        isFreed = true
      }
    }
    const { stdout } = await run(suite.script('read line; echo "$line"'), {
      input: fromAsyncIterable(pieces()),
    })
    await waitUntil(
      () => isFreed,
      () => 'the source was not freed',
    )
    expect(stdout).toBe('more\n')
  })

  it('does not wait for ever for a sink that takes nothing, once its time is over', async () => {
    const clock = manualClock()
    const reasons: unknown[] = []
    const stalled = {
      ...toFunction(() => new Promise<void>(() => undefined)),
      abort: (reason: unknown) => void reasons.push(reason),
    }
    const process = suite.script('echo out; exit 0')
    const { scheduler } = clock
    const running = runErrorOf(run(process, { stdout: stalled, timeoutMs: 10, scheduler }))
    await waitUntil(
      () => process.outputBytes() === 4,
      () => 'the process wrote nothing',
    )
    clock.advance(10)
    await advanceUntil(running, () => clock.advance(1000))
    expect((await running).code).toBe('PROCESS_TIMED_OUT')
    expect((await running).result.traffic.droppedBytes).toBe(4)
    expect(reasons).toHaveLength(1)
  })

  if (!isTerminal)
    it('lets go of outputs that another process holds, once its time is over', async () => {
      const clock = manualClock()
      const heard = listen()
      const process = suite.script(
        'setsid sh -c "trap : TERM; echo ready; while [ -d \\"${1%/*}\\" ]; do sleep 0.05; done" sh "$1" &',
        folder(),
      )
      const timed = { timeoutMs: 1000, scheduler: clock.scheduler }
      const running = runErrorOf(run(process, { ...heard.options, ...timed }))
      await heard.until('ready')
      clock.advance(1000)
      await advanceUntil(running, () => clock.advance(1000))
      expect((await running).result).toMatchObject({ endedBy: 'timeout', outcome: { code: 0 } })
      expect(process.commands).toContain('process.disconnect')
    })
}

/** A sink that remembers, and can be waited for. */
function listen(): {
  readonly options: RunOptions
  readonly text: () => string
  readonly until: (text: string) => Promise<void>
} {
  let heard = ''
  const stdout = toFunction((bytes) => void (heard += Buffer.from(bytes).toString()))
  return {
    options: { stdout },
    text: () => heard,
    until: (text) =>
      waitUntil(
        () => heard.includes(text),
        () => `${text} was not heard, only ${JSON.stringify(heard)}`,
      ),
  }
}

/** Moves time until a promise settles; what a process does meanwhile takes real time. */
async function advanceUntil(settled: Promise<unknown>, advance: () => void): Promise<void> {
  let isSettled = false
  const settle = (): void => void (isSettled = true)
  settled.then(settle, settle)
  await waitUntil(
    () => {
      advance()
      return isSettled
    },
    () => 'the run did not end',
  )
}
