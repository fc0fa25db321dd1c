import { writeFile } from 'node:fs/promises'
import { expect, it } from '../test-framework'
import { everyCommand } from './process-commands'
import type { ProcessSuite } from './process-suite'

/** Ending: the exact outcome, once, independent of the outputs, and silence afterwards. */
export function describeProcessEnd(suite: ProcessSuite): void {
  for (const code of [0, 1, 3, 127, 255]) {
    it(`reports exit code ${code} once`, async () => {
      const probe = suite.run(`exit ${code}`)
      await probe.untilCompleted()
      expect(probe.all('process.exited').map((event) => event.outcome)).toEqual([
        { kind: 'exited', code },
      ])
    })
  }

  for (const signal of ['TERM', 'KILL', 'BUS', 'SEGV', 'USR1', 'XCPU']) {
    it(`reports death by SIG${signal} once, without the prefix`, async () => {
      const probe = suite.run(`ulimit -c 0; kill -${signal} $$; sleep 60`)
      await probe.untilCompleted()
      expect(probe.all('process.exited').map((event) => event.outcome)).toEqual([
        expect.objectContaining({ kind: 'signaled', signal: toldSignal(suite, signal) }),
      ])
    })
  }

  it('emits nothing after the exit and the end of the last output', async () => {
    const probe = suite.run('seq 1 1000; exit 5')
    await probe.untilCompleted()
    const isEnd = (type: string): boolean =>
      type === 'process.exited' || type === 'process.outputEnded'
    const outputCount = suite.capabilities.isTerminal ? 1 : 2
    expect(probe.events.filter((event) => isEnd(event.type))).toHaveLength(outputCount + 1)
    expect(isEnd(probe.events.at(-1)?.type ?? '')).toBe(true)
  })

  it('ignores every command after the end', async () => {
    const probe = suite.run('exit 0')
    await probe.untilCompleted()
    const events = [...probe.events]
    everyCommand.forEach((command) => probe.perform(command))
    expect(probe.events).toEqual(events)
  })

  it('takes every command while the program runs, in any order, without throwing', async () => {
    const probe = suite.run('exec cat')
    await probe.first('process.started')
    const commands = [...everyCommand].reverse()
    commands.forEach((command) => expect(() => probe.perform(command)).not.toThrow())
    await probe.untilCompleted()
    expect(probe.all('process.started')).toHaveLength(1)
    expect(probe.all('process.exited')).toHaveLength(1)
  })

  if (suite.capabilities.isTerminal) describeTerminalEnd(suite)
  else describePipeEnd(suite)
}

/** sshd says `SIG@openssh.com` of each signal that RFC 4254 section 6.10 does not name. */
function toldSignal({ capabilities }: ProcessSuite, signal: string): unknown {
  const isNamed = !['BUS', 'XCPU'].includes(signal)
  return isNamed || capabilities.isRemote !== true
    ? signal
    : expect.stringMatching(`^(${signal}|SIG@openssh.com)$`)
}

function describeTerminalEnd(suite: ProcessSuite): void {
  it('ends with the program although another process keeps the terminal', async () => {
    const probe = suite.run(
      '(trap "" HUP; until [ -e "$1" ] || [ ! -d "${1%/*}" ]; do sleep 0.05; done) & echo early; exit 3',
      suite.file('go'),
    )
    await probe.untilCompleted()
    await writeFile(suite.file('go'), '')
    expect(probe.output('stdout').toString()).toBe('early\n')
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 3 })
  })
}

function describePipeEnd(suite: ProcessSuite): void {
  it('reports the exit although another process keeps the outputs, and delivers what that one says', async () => {
    const probe = suite.run(
      '(until [ -e "$1" ] || [ ! -d "${1%/*}" ]; do sleep 0.05; done; echo late) & echo early; exit 3',
      suite.file('go'),
    )
    expect((await probe.first('process.exited')).outcome).toEqual({ kind: 'exited', code: 3 })
    await probe.untilOutput('early\n')
    expect(probe.isCompleted()).toBe(false)
    await writeFile(suite.file('go'), '')
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe('early\nlate\n')
  })

  it('reports the ends of the outputs although the process runs on', async () => {
    const probe = suite.run(
      'exec >&- 2>&-; until [ -e "$1" ] || [ ! -d "${1%/*}" ]; do sleep 0.05; done; exit 6',
      suite.file('go'),
    )
    await probe.until('both ends', () => probe.all('process.outputEnded').length === 2)
    expect(probe.all('process.exited')).toEqual([])
    await writeFile(suite.file('go'), '')
    await probe.untilCompleted()
    expect(probe.events.at(-1)).toEqual({
      type: 'process.exited',
      outcome: { kind: 'exited', code: 6 },
    })
  })
}
