import { access, writeFile } from 'node:fs/promises'
import { expect, it } from '../test-framework'
import { everyCommand } from './process-commands'
import type { ProcessProbe } from './process-probe'
import { scriptArguments, type ProcessSuite } from './process-suite'

/** Starting: once, first, from anywhere, and failing in words. */
export function describeProcessStart(suite: ProcessSuite): void {
  const { isTerminal, isRemote = false } = suite.capabilities

  it('emits process.started once, before any other fact, with the outputs there are', async () => {
    const probe = suite.run('echo out')
    await probe.untilCompleted()
    const outputs = isTerminal ? ['stdout'] : ['stdout', 'stderr']
    expect(probe.events[0]).toMatchObject({ type: 'process.started', outputs, isTerminal })
    expect(probe.all('process.started')).toHaveLength(1)
  })

  it('tells the number of the program where it runs here, and makes it lead its process group', async () => {
    const probe = suite.run('echo $$; kill -TERM -$$')
    await probe.untilCompleted()
    const [started] = probe.all('process.started')
    const processId = Number(probe.output('stdout').toString())
    expect(started?.processId).toBe(isRemote ? undefined : processId)
    expect(probe.all('process.exited')[0]?.outcome).toMatchObject({ signal: 'TERM' })
  })

  it('starts nothing before process.start', async () => {
    const made = suite.make(['/bin/sh', '-c', `echo ran > ${suite.file('made')}`])
    await suite.run('echo other').untilCompleted()
    await expect(access(suite.file('made'))).rejects.toThrow('ENOENT')
    expect(made.events).toEqual([])
  })

  it('passes each argument exactly', async () => {
    const probe = suite.run(
      'for arg do printf "[%s]" "$arg"; done',
      'a b',
      '',
      '$HOME',
      "it's",
      'ü',
    )
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe("[a b][][$HOME][it's][ü]")
  })

  it('starts from inside a listener of another process', async () => {
    const second = suite.make(scriptArguments('echo second', [], suite.capabilities))
    const first = suite.make(scriptArguments('echo first', [], suite.capabilities), (event) => {
      if (event.type === 'process.started') second.perform({ type: 'process.start' })
    })
    first.perform({ type: 'process.start' })
    await Promise.all([first.untilCompleted(), second.untilCompleted()])
    expect(first.output('stdout').toString()).toBe('first\n')
    expect(second.output('stdout').toString()).toBe('second\n')
  })

  it('takes commands from inside the listener of process.started', async () => {
    const probe: ProcessProbe = suite.make(
      scriptArguments('read line; echo "got $line"', [], suite.capabilities),
      (event) => {
        if (event.type === 'process.started') probe.write('early\n')
      },
    )
    probe.perform({ type: 'process.start' })
    await probe.untilOutput('got early')
    await probe.untilCompleted()
  })

  it('says in one line that there is no such program', async () => {
    const probe = suite.make(['/no/such/program-here'])
    probe.perform({ type: 'process.start' })
    await probe.untilCompleted()
    expectStartFailure(suite, probe, 'notFound', 127)
  })

  it('says in one line that the program may not be executed', async () => {
    await writeFile(suite.file('plain'), '#!/bin/sh\n', { mode: 0o644 })
    const probe = suite.make([suite.file('plain')])
    probe.perform({ type: 'process.start' })
    await probe.untilCompleted()
    expectStartFailure(suite, probe, 'notPermitted', 126)
  })

  it('ignores every command after a start that failed', async () => {
    const probe = suite.make(['/no/such/program-here'])
    probe.perform({ type: 'process.start' })
    await probe.untilCompleted()
    const events = [...probe.events]
    everyCommand.forEach((command) => probe.perform(command))
    expect(probe.events).toEqual(events)
  })
}

function expectStartFailure(
  suite: ProcessSuite,
  probe: ProcessProbe,
  failure: 'notFound' | 'notPermitted',
  exitCode: number,
): void {
  if (!suite.capabilities.canReportStartFailure) {
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: exitCode })
    return
  }
  const message: unknown = expect.stringMatching(/^[^\n]+$/)
  expect(probe.events).toEqual([{ type: 'process.startFailed', failure, message }])
}
