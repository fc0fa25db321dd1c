import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { expect, it } from '../test-framework'
import { fromAsyncIterable, run, toFunction } from '@hawse/core'
import { digest, everyByteValue } from '../process/process-output'
import { runErrorOf, type RunSuite } from './run-suite'

/** Results: outcome, outputs, input, and the words of a failure. */
export function describeRunResults(suite: RunSuite): void {
  const { isTerminal, canReportStartFailure } = suite.capabilities

  it('resolves with both outputs, the outcome, the traffic and the duration', async () => {
    const result = await run(suite.script('printf out; printf errors >&2'), { command: 'both' })
    expect(result).toMatchObject({
      command: 'both',
      outcome: { kind: 'exited', code: 0 },
      endedBy: 'process',
      failure: undefined,
      stdout: isTerminal ? 'outerrors' : 'out',
      stderr: isTerminal ? '' : 'errors',
      traffic: { stdinBytes: 0, stdoutBytes: isTerminal ? 9 : 3, droppedBytes: 0 },
    })
    expect(result.durationMs).toBeGreaterThanOrEqual(0)
  })

  it('gives every byte value exactly when asked for bytes', async () => {
    const octal = [...everyByteValue].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    const process = suite.script(`printf '${octal.join('')}'`)
    const { stdout } = await run(process, { encoding: 'bytes' })
    expect(Buffer.from(stdout)).toEqual(Buffer.from(everyByteValue))
  })

  it('feeds megabytes of input exactly', async () => {
    const input = randomBytes(1_000_000)
    const process = suite.script(`head -c ${input.length} | sha256sum`)
    const { stdout, traffic } = await run(process, { input })
    expect(stdout).toBe(`${digest(input)}  -\n`)
    expect(traffic.stdinBytes).toBe(input.length)
  })

  it('feeds the input from an async generator, in order', async () => {
    const pieces = async function* (): AsyncGenerator<string> {
      for (const piece of ['one ', '', 'two ', 'three\n']) {
        await Promise.resolve()
        yield piece
      }
    }
    const { stdout } = await run(suite.script('read line; echo "$line"'), {
      input: fromAsyncIterable(pieces()),
    })
    expect(stdout).toBe('one two three\n')
  })

  if (!isTerminal)
    it('gives a process without input an end of input at once', async () => {
      expect((await run(suite.script('cat; echo end'))).stdout).toBe('end\n')
    })

  it('rejects when the exit code is not 0, and says the command, the outcome and the last lines of stderr', async () => {
    const process = suite.script(
      'echo out; for i in 01 02 03 04 05 06 07 08 09 10 11 12; do echo "line $i" >&2; done; exit 3',
    )
    const error = await runErrorOf(run(process, { command: 'build all' }))
    expect(error).toMatchObject({ code: 'PROCESS_FAILED', fault: 'remote' })
    expect(error.result.outcome).toEqual({ kind: 'exited', code: 3 })
    expect(error.result.stdout).toContain('out\n')
    const lines = error.message.split('\n')
    expect(lines[0]).toBe('build all exited with 3')
    if (!isTerminal) expect(lines.slice(1)).toEqual(numberedLines(3, 12))
  })

  it('rejects when a signal ended the process', async () => {
    const error = await runErrorOf(run(suite.script('kill -KILL $$; sleep 60')))
    expect(error.message).toBe('the process was killed by SIGKILL')
    expect(error.result.outcome).toMatchObject({ kind: 'signaled', signal: 'KILL' })
  })

  it('resolves with the failure in the result where it should not reject', async () => {
    const result = await run(suite.script('echo out; exit 3'), { shouldReject: false })
    expect(result.failure).toEqual({ code: 'PROCESS_FAILED', message: 'the process exited with 3' })
    expect(result.stdout).toBe('out\n')
  })

  it('says that a program could not be started', async () => {
    const error = await runErrorOf(run(suite.program('/no/such/program')))
    if (!canReportStartFailure)
      return expect(error.result.outcome).toEqual({ kind: 'exited', code: 127 })
    expect(error).toMatchObject({ code: 'PROCESS_NOT_STARTED', fault: 'system' })
    expect(error.message).toContain('/no/such/program: ')
    expect(error.result.outcome).toMatchObject({ kind: 'notStarted', failure: 'notFound' })
  })

  it('ends the process where its output is more than may be gathered, and keeps what was', async () => {
    const error = await runErrorOf(run(suite.script('exec yes'), { maximumBufferBytes: 1000 }))
    expect(error).toMatchObject({ code: 'OUTPUT_LIMIT_EXCEEDED', fault: 'remote' })
    expect(error.message).toMatch(/^the process wrote more than 1000 bytes to stdout, was told to/)
    expect(error.result.stdout).toBe('y\n'.repeat(500))
    expect(error.result.outcome).toMatchObject({ kind: 'signaled', signal: 'TERM' })
  })

  it('takes as much as may be gathered, to the byte', async () => {
    const process = suite.script('head -c 1000 /dev/zero')
    expect((await run(process, { maximumBufferBytes: 1000 })).stdout).toHaveLength(1000)
  })

  it('passes output to a sink instead of gathering it, without any limit', async () => {
    let byteCount = 0
    const { stdout, traffic } = await run(suite.script('head -c 3000000 /dev/zero'), {
      stdout: toFunction(({ length }) => void (byteCount += length)),
      maximumBufferBytes: 1000,
    })
    expect({ stdout, byteCount }).toEqual({ stdout: '', byteCount: 3_000_000 })
    expect(traffic.stdoutBytes).toBe(3_000_000)
  })

  it('starts nothing for a signal that is aborted already', async () => {
    const controller = new AbortController()
    const reason = new Error('not needed')
    controller.abort(reason)
    const process = suite.script('echo > "$1"', suite.file('ran'))
    const error = await runErrorOf(run(process, { signal: controller.signal }))
    expect(error).toMatchObject({ code: 'PROCESS_ABORTED', cause: reason })
    expect(process.commands).toEqual([])
    expect(existsSync(suite.file('ran'))).toBe(false)
  })

  it('refuses limits that are none', async () => {
    for (const options of [{ maximumBufferBytes: -1 }, { timeoutMs: NaN }])
      await expect(run(suite.script('true'), options)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
  })
}

function numberedLines(first: number, last: number): readonly string[] {
  return Array.from(
    { length: last - first + 1 },
    (_, index) => `line ${String(first + index).padStart(2, '0')}`,
  )
}
