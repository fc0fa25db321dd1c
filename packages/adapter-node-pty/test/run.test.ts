import { describe, expect, it } from '@jest/globals'
import { describeRun } from '@hawse/port-conformance'
import { functionProcess, runPipeline } from '@hawse/core'
import { ptyProcess } from '../src/index'
import { terminalRequest } from './support/terminal-run'

describeRun('ptyProcess', (argv) => ptyProcess(argv, { pty: terminalRequest() }), {
  isTerminal: true,
  hasPipes: false,
  canReportStartFailure: false,
})

describe('a terminal in a pipeline', () => {
  it('is hung up when the next process has enough, which is no failure', async () => {
    const yes = ptyProcess(['yes'], { pty: terminalRequest() })
    const first = functionProcess(async ({ stdin, stdout }) => {
      for await (const bytes of stdin) return stdout.write(bytes.subarray(0, 1))
    })
    const { stdout, stages } = await runPipeline([yes, first])
    expect(stdout).toBe('y')
    expect(stages[0]?.outcome).toMatchObject({ kind: 'signaled', signal: 'HUP' })
  })
})
