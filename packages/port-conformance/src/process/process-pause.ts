import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from '../test-framework'
import { digest, numbers } from './process-output'
import type { ProcessProbe } from './process-probe'
import { scriptArguments, type ProcessSuite } from './process-suite'

/** Most bytes that may still arrive after a pause: what is in flight, not what the program goes on to say. */
const inFlightBoundBytes = 1_048_576

/** Time given to a wrong adapter to go on emitting, in milliseconds; a right one passes however long it is. */
const opportunityMs = 300

/** Pausing: output stops, nothing is lost, and an exit meanwhile changes neither. */
export function describeProcessPause(suite: ProcessSuite): void {
  it('emits no more than what is in flight after a pause', async () => {
    const probe = suite.run('exec yes')
    await probe.first('process.output')
    probe.perform({ type: 'process.pauseOutput' })
    const byteCount = outputByteCount(probe)
    await delay(opportunityMs)
    expect(outputByteCount(probe) - byteCount).toBeLessThanOrEqual(inFlightBoundBytes)
  })

  it('loses nothing over pauses and resumes', async () => {
    let eventCount = 0
    const probe: ProcessProbe = suite.make(
      scriptArguments('seq 1 400000', [], suite.capabilities),
      (event) => {
        if (event.type !== 'process.output' || (eventCount += 1) % 5 !== 0) return
        probe.perform({ type: 'process.pauseOutput' })
        setImmediate(() => probe.perform({ type: 'process.resumeOutput' }))
      },
    )
    probe.perform({ type: 'process.start' })
    await probe.untilCompleted()
    expect(digest(probe.output('stdout'))).toBe(digest(numbers(400_000)))
  })

  it('keeps what the process said before an exit during a pause', async () => {
    const probe: ProcessProbe = suite.make(
      scriptArguments('seq 1 500; exit 3', [], suite.capabilities),
      (event) => {
        if (event.type === 'process.started') probe.perform({ type: 'process.pauseOutput' })
      },
    )
    probe.perform({ type: 'process.start' })
    expect((await probe.first('process.exited')).outcome).toEqual({ kind: 'exited', code: 3 })
    await delay(opportunityMs)
    expect(probe.all('process.outputEnded').some((end) => end.output === 'stdout')).toBe(false)
    probe.perform({ type: 'process.resumeOutput' })
    await probe.untilCompleted()
    expect(digest(probe.output('stdout'))).toBe(digest(numbers(500)))
  })

  it('takes a pause twice and a resume twice as one', async () => {
    const probe = suite.run('echo ready; read line; seq 1 20000')
    await probe.untilOutput('ready\n')
    pauseTwiceAndResumeTwice(probe)
    probe.write('go\n')
    await probe.untilCompleted()
    const expected = Buffer.concat([Buffer.from('ready\n'), numbers(20_000)])
    expect(digest(probe.output('stdout'))).toBe(digest(expected))
  })
}

function pauseTwiceAndResumeTwice(probe: ProcessProbe): void {
  probe.perform({ type: 'process.pauseOutput' })
  probe.perform({ type: 'process.pauseOutput' })
  probe.perform({ type: 'process.resumeOutput' })
  probe.perform({ type: 'process.resumeOutput' })
}

function outputByteCount(probe: ProcessProbe): number {
  return probe.all('process.output').reduce((sum, event) => sum + event.bytes.length, 0)
}
