import { describe, expect, it } from '@jest/globals'
import {
  functionProcess,
  isRunError,
  run,
  runPipeline,
  stream,
  toFunction,
  type HandlerProgram,
  type ProcessPort,
} from '../../src/index'

const upperCase = processMaker(async ({ stdin, stdout }) => {
  for await (const bytes of stdin) await stdout.write(Buffer.from(bytes).toString().toUpperCase())
})

function processMaker(program: HandlerProgram): () => ProcessPort {
  return () => functionProcess(program)
}

describe('running a function as a process', () => {
  it('gives it its command, in words too, and its environment, and no terminal', async () => {
    const program: HandlerProgram = ({ stdout, command, args, env, pty }) =>
      stdout.write(JSON.stringify({ command, args, env, isTerminal: pty !== undefined }))
    const options = { command: 'say "two words"', env: { LANG: 'C' } }
    const { stdout } = await run(functionProcess(program, options))
    expect(JSON.parse(stdout)).toEqual({
      ...options,
      args: ['say', 'two words'],
      isTerminal: false,
    })
  })

  it('refuses a bound on what waits that is none', () => {
    expect(() => functionProcess(() => undefined, { maximumWaitingBytes: NaN })).toThrow(
      'maximumWaitingBytes is NaN',
    )
  })

  it('gives it the input and gathers what it writes', async () => {
    const result = await run(upperCase(), { input: 'some text' })
    expect(result).toMatchObject({ stdout: 'SOME TEXT', outcome: { kind: 'exited', code: 0 } })
    expect(result.traffic).toEqual({
      stdinBytes: 9,
      stdoutBytes: 9,
      stderrBytes: 0,
      droppedBytes: 0,
    })
  })

  it('gathers what it writes before it first waits', async () => {
    const result = await run(
      functionProcess(({ stdout, stderr }) => {
        void stdout.write('out')
        void stderr.write('err')
      }),
    )
    expect(result).toMatchObject({ stdout: 'out', stderr: 'err' })
  })

  it('rejects with its exit code and its last words', async () => {
    const failing = functionProcess(async ({ stderr }) => {
      await stderr.write('it broke\n')
      return 3
    })
    const error: unknown = await run(failing, { command: 'fail' }).catch(
      (reason: unknown) => reason,
    )
    expect(isRunError(error) && error.message).toBe('fail exited with 3\nit broke')
  })

  it('keeps control characters of stderr out of the message', async () => {
    const failing = functionProcess(async ({ stderr }) => {
      await stderr.write('\u001b[2Jgone\u0007\n')
      return 1
    })
    await expect(run(failing)).rejects.toThrow(/^the process exited with 1\n\[2Jgone$/)
  })

  it('ends it by its time limit, though it never returns', async () => {
    const endless = functionProcess(() => new Promise<void>(() => undefined))
    await expect(run(endless, { timeoutMs: 1 })).rejects.toMatchObject({
      code: 'PROCESS_TIMED_OUT',
      result: { outcome: { kind: 'signaled', signal: 'TERM' } },
    })
  })

  it('lets it handle the signal that tells it to end', async () => {
    const polite = functionProcess(
      ({ receivedSignal$, stdout }) =>
        new Promise((resolve) => {
          receivedSignal$.subscribe((name) => void stdout.write(name).then(() => resolve(0)))
        }),
    )
    const error: unknown = await run(polite, { timeoutMs: 1 }).catch((reason: unknown) => reason)
    expect(isRunError(error) && error.result).toMatchObject({
      stdout: 'TERM',
      outcome: { kind: 'exited', code: 0 },
      endedBy: 'timeout',
    })
  })

  it('makes its writes wait for a sink that takes nothing', async () => {
    let writtenBytes = 0
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    const writer = functionProcess(async ({ stdout }) => {
      for (let count = 0; count < 1000; count += 1) {
        await stdout.write(new Uint8Array(16_384))
        writtenBytes += 16_384
      }
    })
    const running = run(writer, { stdout: toFunction(() => released) })
    await manyTurns()
    expect(writtenBytes).toBeLessThanOrEqual(4 * 65_536)
    release()
    expect((await running).traffic.stdoutBytes).toBe(16_384_000)
  })

  it('is told by its writes that a reader has had enough, and that is no failure', async () => {
    const endless = functionProcess(async ({ stdout }) => {
      for (;;) await stdout.write('y\n')
    })
    const streaming = stream(endless)
    for await (const line of streaming.lines()) {
      expect(line).toBe('y')
      break
    }
    expect((await streaming.result).outcome).toMatchObject({ kind: 'signaled', signal: 'PIPE' })
  })

  it('is a part of a pipeline', async () => {
    const counter = functionProcess(async ({ stdout }) => {
      for (let count = 0; count < 3; count += 1) await stdout.write(`line ${count}\n`)
    })
    const { stdout } = await runPipeline([counter, upperCase()])
    expect(stdout).toBe('LINE 0\nLINE 1\nLINE 2\n')
  })

  it('stops in a pipeline where the next reads nothing', async () => {
    let writtenBytes = 0
    let finish: () => void = () => undefined
    const finished = new Promise<void>((resolve) => (finish = resolve))
    const writer = functionProcess(async ({ stdout }) => {
      for (;;) {
        await stdout.write(new Uint8Array(16_384))
        writtenBytes += 16_384
      }
    })
    const running = runPipeline([writer, functionProcess(() => finished)])
    await manyTurns()
    expect(writtenBytes).toBeLessThanOrEqual(8 * 65_536)
    finish()
    expect((await running).stages[0]?.outcome).toMatchObject({ signal: 'PIPE' })
  })
})

/** Turns of the event loop: a wrong one gets many chances, a right one passes however many. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
