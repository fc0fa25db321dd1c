import { writeFile } from 'node:fs/promises'
import { expect, it } from '../test-framework'
import { fromProcess, run, runPipeline, toFunction, toProcess } from '@hawse/core'
import { waitUntil } from '../wait-until'
import { runErrorOf, untilPaused, windowBytes, type RunSuite } from './run-suite'

/** What may be between two processes: the first's part, a pipe, the pending input of the second, and what kernels hold. */
const pipelineBoundBytes = 10 * 65_536

/** Pipelines: as a shell's, with the status of each. */
export function describeRunPipelines(suite: RunSuite): void {
  const { hasPipes, canReportStartFailure, isRemote = false } = suite.capabilities

  it('passes megabytes through three processes exactly', async () => {
    const { stdout, stages } = await runPipeline([
      suite.script('seq 1 300000'),
      suite.script('cat'),
      suite.script('sort -rn | head -2'),
    ])
    expect(stdout).toBe('300000\n299999\n')
    expect(stages.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'exited', code: 0 })),
    )
  })

  it('feeds the first and gathers the stderr of each', async () => {
    const { stdout, stages } = await runPipeline(
      [suite.script('tr a-z A-Z; echo one >&2'), suite.script('cat; echo two >&2')],
      { input: 'text\n' },
    )
    expect(stdout).toBe('TEXT\n')
    expect(stages.map(({ stderr }) => stderr)).toEqual(['one\n', 'two\n'])
  })

  it('keeps the status of each, and rejects with the last that failed', async () => {
    const processes = [
      suite.script('echo out; exit 3'),
      suite.script('cat; echo broken >&2; exit 4'),
      suite.script('cat'),
    ] as const
    const error = await runErrorOf(runPipeline(processes, { commands: ['a', 'b', 'c'] }))
    expect(error.message).toBe('b exited with 4\nbroken')
    expect(error.stages.map(({ outcome }) => outcome)).toEqual(
      [3, 4, 0].map((code) => ({ kind: 'exited', code })),
    )
    expect(error.stages.at(-1)?.stdout).toBe('out\n')
  })

  it('ends the writer when the reader has enough, as yes | head in a shell', async () => {
    const yes = suite.script('exec yes')
    const { stdout, stages, failure } = await runPipeline([yes, suite.script('head -1')], {
      shouldReject: false,
    })
    expect(stdout).toBe('y\n')
    expect(yes.commands).toContain('process.closeOutput')
    if (hasPipes) {
      expect(stages[0]?.outcome).toMatchObject({ kind: 'signaled', signal: 'PIPE' })
      expect(failure).toBeUndefined()
    }
  })

  it('ends the writer when the reader closes its input and runs on', async () => {
    const yes = suite.script('exec yes')
    const reader = suite.script(`exec <&-; ${suite.waitFor('go')}; echo done`)
    const running = runPipeline([yes, reader], { shouldReject: false })
    // That a program closed its input is told only to a client that calls itself OpenSSH; its end is told to all.
    if (!isRemote) await untilClosed(yes)
    await writeFile(suite.file('go'), '')
    expect((await running).stdout).toBe('done\n')
  })

  it('holds the writer back when the reader does not read: what is between them is bounded', async () => {
    const yes = suite.script('exec yes')
    const reader = suite.script(`${suite.waitFor('go')}; head -c 5000000 | wc -c`)
    const running = runPipeline([yes, reader], { shouldReject: false })
    await untilPaused(yes)
    expect(yes.outputBytes()).toBeLessThanOrEqual(
      pipelineBoundBytes + windowBytes(suite.capabilities),
    )
    await writeFile(suite.file('go'), '')
    expect(Number((await running).stdout)).toBe(5_000_000)
  })

  it('does not hang where a process floods a stderr that nobody reads', async () => {
    const flood = 'head -c 3000000 /dev/zero >&2; echo through'
    const { stdout } = await runPipeline([suite.script(flood), suite.script(`cat; ${flood}`)])
    expect(stdout).toBe('through\nthrough\n')
  })

  it('gives the reader an end of input where the writer cannot be started, and ends', async () => {
    const missing = suite.program('/no/such/program')
    const result = await runPipeline([missing, suite.script('cat; echo end')], {
      shouldReject: false,
    })
    expect(result.stdout).toBe('end\n')
    if (!canReportStartFailure) return
    expect(result.stages[0]?.failure?.code).toBe('PROCESS_NOT_STARTED')
    expect(result.failure).toEqual(result.stages[0]?.failure)
  })

  it('ends the writer where the reader cannot be started', async () => {
    const yes = suite.script('exec yes')
    const processes = [yes, suite.program('/no/such/program')] as const
    const { stages } = await runPipeline(processes, { shouldReject: false })
    expect(yes.commands).toContain('process.closeOutput')
    if (canReportStartFailure) expect(stages[1]?.outcome.kind).toBe('notStarted')
  })

  it('ends all when one has written too much', async () => {
    const processes = [
      suite.script('echo "too much" >&2; exec yes'),
      suite.script('cat >/dev/null'),
    ] as const
    const error = await runErrorOf(runPipeline(processes, { maximumBufferBytes: 3 }))
    expect(error.code).toBe('OUTPUT_LIMIT_EXCEEDED')
    expect(error.message).toMatch(/^process 1 wrote more than 3 bytes to stderr/)
    expect(error.stages.map(({ endedBy }) => endedBy)).toEqual(['limit', 'limit'])
  })

  it('reads the output of another process as input, whose status is kept', async () => {
    const first = fromProcess(suite.script('echo out; exit 3'))
    expect((await run(suite.script('cat'), { input: first })).stdout).toBe('out\n')
    expect((await first.ended).outcome).toEqual({ kind: 'exited', code: 3 })
  })

  it('writes its output to another process, whose status is kept', async () => {
    let text = ''
    const stdout = toFunction((bytes) => void (text += Buffer.from(bytes).toString()))
    const second = toProcess(suite.script('tr a-z A-Z; exit 4'), { stdout })
    await run(suite.script('echo out'), { stdout: second })
    expect(text).toBe('OUT\n')
    expect((await second.ended).outcome).toEqual({ kind: 'exited', code: 4 })
  })
}

function untilClosed(process: ReturnType<RunSuite['script']>): Promise<void> {
  return waitUntil(
    () => process.commands.includes('process.closeOutput'),
    () => 'the output of the writer was not closed',
  )
}
