import { describe, expect, it } from '@jest/globals'
import { handler, refuse, run, type RunOptions, type SessionHandlers } from '../../src/index'
import { manualClock, sessionInMemory } from '../../src/testing'

const handlers: SessionHandlers = {
  exec: (request) => {
    if (request.command === 'secret') return refuse('no program secret here')
    return handler(async ({ args, env, pty, stdin, stdout, stderr, receivedSignal$, signal }) => {
      if (args[0] === 'wait') return untilSignal(receivedSignal$)
      if (args[0] === 'sleep') return untilAborted(signal)
      await stderr.write(`${args.join(' ')}, ${env['LANG'] ?? 'no language'}\n`)
      // The end of input reaches no program on a terminal.
      await stdout.write(pty === undefined ? await stdin.text() : `${pty.size.columns} columns`)
      return 3
    })(request)
  },
  subsystem: { echo: handler(async ({ stdin, stdout }) => stdout.write(await stdin.text())) },
}
const lenient: RunOptions = { shouldReject: false }

describe('a session in memory', () => {
  it('gives the outputs and the exit code of the program that its user asks for', async () => {
    const program = { command: 'say "a b"', env: { LANG: 'C' } }
    const result = await run(sessionInMemory(handlers, program), { ...lenient, input: 'hi\n' })
    expect(result).toMatchObject({ stdout: 'hi\n', outcome: { code: 3 } })
    expect(result.stderr).toBe('say a b, C\n')
  })

  it('asks for a terminal, whose outputs are one', async () => {
    const pty = { size: { columns: 132, rows: 50, widthPixels: 0, heightPixels: 0 } }
    const terminal = sessionInMemory(handlers, { command: 'say', pty })
    const { stdout, stderr } = await run(terminal, lenient)
    expect({ stdout, stderr }).toEqual({ stdout: 'say, no language\n132 columns', stderr: '' })
  })

  it('runs subsystems', async () => {
    const { stdout } = await run(sessionInMemory(handlers, { subsystem: 'echo' }), { input: 'abc' })
    expect(stdout).toBe('abc')
  })

  it('shows its user why a program is refused', async () => {
    const refused = await run(sessionInMemory(handlers, { command: 'secret' }), lenient)
    expect(refused.outcome.kind).toBe('notStarted')
    expect(refused.failure?.message).toContain('no program secret here')
    const shell = await run(sessionInMemory(handlers, { shell: true }), lenient)
    expect(shell.failure?.message).toContain('shell')
  })

  it('passes on signals of its user', async () => {
    const process = sessionInMemory(handlers, { command: 'wait' })
    process.event$.subscribe(({ type }) => {
      if (type === 'process.started') process.perform({ type: 'process.signal', signal: 'USR1' })
    })
    const { stdout, outcome } = await run(process, lenient)
    expect({ stdout, outcome }).toMatchObject({ outcome: { kind: 'exited', code: 10 } })
  })

  it('takes the options of a session, its clock too', async () => {
    const clock = manualClock()
    const options = { timeLimits: { maximumMs: 60_000 }, scheduler: clock.scheduler }
    const process = sessionInMemory(handlers, { command: 'sleep' }, options)
    process.event$.subscribe(({ type }) => {
      if (type === 'process.started') clock.advance(600_000)
    })
    const { stderr, outcome } = await run(process, lenient)
    expect(stderr).toContain('60')
    expect(outcome.kind).not.toBe('lost')
  })

  it('rejects what is no program', () => {
    expect(() => sessionInMemory(handlers, {})).toThrow('0 of command, shell and subsystem')
  })
})

function untilSignal(receivedSignal$: {
  subscribe: (next: (signal: string) => void) => unknown
}): Promise<number> {
  return new Promise((resolve) => {
    receivedSignal$.subscribe((signal) => resolve(signal === 'USR1' ? 10 : 1))
  })
}

function untilAborted(signal: {
  addEventListener: (type: 'abort', listener: () => void) => void
}): Promise<number> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(0)))
}
