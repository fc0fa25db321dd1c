import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { ProcessCommand } from '@hawse/core'
import { expect, it } from '../test-framework'
import { waitUntil } from '../wait-until'
import type { ProcessSuite } from './process-suite'

/** Closing outputs and disconnecting: whoever writes is freed, who does not lives on, no descriptor stays. */
export function describeProcessClosing(suite: ProcessSuite): void {
  const { isTerminal, hasPipes, outlivesDisconnect = false } = suite.capabilities

  it('frees a writer when its output is closed', async () => {
    const probe = suite.run('exec yes')
    await probe.first('process.output')
    probe.perform({ type: 'process.closeOutput', output: 'stdout' })
    if (!isTerminal) await probe.first('process.exited')
    await probe.until('the end of stdout', () => endedOutputs(probe).includes('stdout'))
    const [exit] = probe.all('process.exited')
    if (outlivesDisconnect) expect(exit?.outcome).toMatchObject({ kind: 'unreported' })
    else if (hasPipes) expect(exit?.outcome).toMatchObject({ signal: 'PIPE' })
  })

  it('frees a writer whose output is paused when that output is closed', async () => {
    const probe = suite.run('exec yes')
    await probe.first('process.output')
    probe.perform({ type: 'process.pauseOutput' })
    probe.perform({ type: 'process.closeOutput', output: 'stdout' })
    if (!isTerminal) await probe.first('process.exited')
    await probe.until('the end of stdout', () => endedOutputs(probe).includes('stdout'))
  })

  it('emits no output after the end of a closed one, and that end once', async () => {
    const probe = suite.run('exec yes')
    await probe.first('process.output')
    probe.perform({ type: 'process.closeOutput', output: 'stdout' })
    probe.perform({ type: 'process.closeOutput', output: 'stdout' })
    probe.perform({ type: 'process.disconnect' })
    await probe.untilCompleted()
    const facts = probe.events.filter((event) => 'output' in event && event.output === 'stdout')
    expect(facts.at(-1)).toEqual({ type: 'process.outputEnded', output: 'stdout' })
    expect(endedOutputs(probe).filter((output) => output === 'stdout')).toHaveLength(1)
  })

  it('frees a writer that is paused when the other end is gone, and reports its exit', async () => {
    const probe = suite.run('exec yes')
    await probe.first('process.output')
    probe.perform({ type: 'process.pauseOutput' })
    probe.perform({ type: 'process.disconnect' })
    const { outcome } = await probe.first('process.exited')
    await probe.untilCompleted()
    if (outlivesDisconnect) expect(outcome).toMatchObject({ kind: 'unreported' })
    else if (isTerminal) expect(outcome).toMatchObject({ kind: 'signaled', signal: 'HUP' })
    else if (hasPipes) expect(outcome).toMatchObject({ kind: 'signaled', signal: 'PIPE' })
  })

  it('takes a second disconnect as none', async () => {
    const probe = suite.run('exec cat')
    await probe.first('process.started')
    probe.perform({ type: 'process.disconnect' })
    probe.perform({ type: 'process.disconnect' })
    await probe.untilCompleted()
    expect(probe.all('process.exited')).toHaveLength(1)
  })

  it('leaves no descriptor open', async () => {
    await suite.run('echo warm').untilCompleted()
    const before = openDescriptorCount()
    const probes = Array.from({ length: 8 }, () => suite.run('echo out; exit 1'))
    await Promise.all(probes.map((probe) => probe.untilCompleted()))
    await waitUntil(
      () => openDescriptorCount() <= before,
      () => `${openDescriptorCount()} descriptors are open, ${before} were before`,
    )
  })

  if (!isTerminal && !outlivesDisconnect) describeClosedOutput(suite)
  if (outlivesDisconnect) describeOutliving(suite)
  else if (isTerminal) describeHangUp(suite)
  else describeNoHangUp(suite)
}

function describeOutliving(suite: ProcessSuite): void {
  for (const [when, leave] of waysToLeave) {
    it(`lets a process live on when ${when}`, async () => {
      const wait = 'until [ -e "$1" ] || [ ! -d "${1%/*}" ]; do sleep 0.05; done'
      const script = `echo ready; ${wait}; echo more && echo lives > "$2"`
      const probe = suite.run(script, suite.file('go'), suite.file('lives'))
      await probe.untilOutput('ready\n')
      probe.perform(leave)
      await probe.untilCompleted()
      await writeFile(suite.file('go'), '')
      await waitUntil(
        () => existsSync(suite.file('lives')),
        () => 'the process did not live on',
      )
    })
  }
}

const waysToLeave: readonly (readonly [string, ProcessCommand])[] = [
  ['the other end is gone', { type: 'process.disconnect' }],
  ['standard output is closed', { type: 'process.closeOutput', output: 'stdout' }],
]

function describeHangUp(suite: ProcessSuite): void {
  it('hangs up the terminal when the other end is gone', async () => {
    const probe = suite.run(
      'trap "echo hup > $1; exit 4" HUP; echo ready; while :; do sleep 0.05; done',
      suite.file('hup'),
    )
    await probe.untilOutput('ready\n')
    probe.perform({ type: 'process.disconnect' })
    expect((await probe.first('process.exited')).outcome).toEqual({ kind: 'exited', code: 4 })
    await probe.untilCompleted()
    expect(existsSync(suite.file('hup'))).toBe(true)
  })
}

function describeClosedOutput(suite: ProcessSuite): void {
  it('keeps the other output of a process when one is closed', async () => {
    const probe = suite.run('echo out; read line; echo err >&2; exit 4')
    await probe.untilOutput('out\n')
    probe.perform({ type: 'process.closeOutput', output: 'stdout' })
    probe.write('go\n')
    await probe.untilCompleted()
    expect(probe.output('stderr').toString()).toBe('err\n')
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 4 })
  })
}

function describeNoHangUp(suite: ProcessSuite): void {
  it('ends the input when the other end is gone', async () => {
    const probe = suite.run('cat; echo end > "$1"; exit 4', suite.file('end'))
    await probe.first('process.started')
    probe.perform({ type: 'process.disconnect' })
    await probe.untilCompleted()
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 4 })
    expect(existsSync(suite.file('end'))).toBe(true)
  })

  it('lets a silent process live on when the other end is gone, and reports its exit', async () => {
    const probe = suite.run(
      'echo ready; until [ -e "$1" ] || [ ! -d "${1%/*}" ]; do sleep 0.05; done; exit 4',
      suite.file('go'),
    )
    await probe.untilOutput('ready\n')
    probe.perform({ type: 'process.disconnect' })
    expect(probe.all('process.exited')).toEqual([])
    await writeFile(suite.file('go'), '')
    await probe.untilCompleted()
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 4 })
  })
}

function endedOutputs(probe: { all: ReturnType<ProcessSuite['make']>['all'] }): readonly string[] {
  return probe.all('process.outputEnded').map((event) => event.output)
}

function openDescriptorCount(): number {
  const folder = ['/proc/self/fd', '/dev/fd'].find((path) => existsSync(path))
  return folder === undefined ? 0 : readdirSync(folder).length
}
