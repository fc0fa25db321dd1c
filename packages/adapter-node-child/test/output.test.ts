import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { ProcessEvent } from '@hawse/core'
import {
  digest,
  eventually,
  portOn,
  run,
  streamKinds,
  type ObservedProcess,
} from './observed-process'

const pause = { type: 'process.pauseOutput' } as const
const resume = { type: 'process.resumeOutput' } as const

/** What each output of `floodScript` says. */
const floodLineCount = 200_000
const floodScript = `seq 1 ${floodLineCount} & seq 1 ${floodLineCount} >&2; wait; exit 3`
const flood = Buffer.from(
  Array.from({ length: floodLineCount }, (_, index) => `${index + 1}\n`).join(''),
)

/** Most bytes taken from a program whose outputs are paused: a pipe, a read, and the page being filled. */
const pausedBoundBytes = 65_536 + 65_536 + 4_096

describe.each(streamKinds)('output on %s', (kind) => {
  const sh = (script: string, react?: (event: ProcessEvent) => void): ObservedProcess =>
    run(portOn(kind, ['/bin/sh', '-c', script]), react)

  it('delivers both outputs exactly, flooding while paused and then resumed', async () => {
    const program: ObservedProcess = sh(floodScript, (event) => {
      if (event.type === 'process.output') program.perform(pause)
    })
    await program.until(() => program.count('process.output') > 0)
    await resumeUntilCompleted(program)
    expect(digest(program.output('stdout'))).toBe(digest(flood))
    expect(digest(program.output('stderr'))).toBe(digest(flood))
    expect(program.outcome()).toEqual({ kind: 'exited', code: 3 })
  })

  it('emits nothing while paused, and the end of an output only after its data', async () => {
    const program = sh('seq 1 1000; seq 1 1000 >&2; exit 3')
    program.perform(pause)
    await program.until(() => program.outcome() !== undefined)
    await another(kind)
    expect(program.count('process.output') + program.count('process.outputEnded')).toBe(0)
    program.perform(resume)
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toMatch(/\n1000\n$/)
    expect(program.output('stderr').toString()).toMatch(/\n1000\n$/)
    expect(program.count('process.outputEnded')).toBe(2)
  })

  it('emits nothing where a resume is taken back at once', async () => {
    const program = sh('seq 1 1000')
    program.perform(pause)
    await program.until(() => program.outcome() !== undefined)
    program.perform(resume)
    program.perform(pause)
    await another(kind)
    expect(program.count('process.output')).toBe(0)
    program.perform(resume)
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toMatch(/\n1000\n$/)
  })

  it('ends each output by itself', async () => {
    const program = sh('exec >&-; read line; echo err >&2')
    await program.until(() => program.count('process.outputEnded') === 1)
    expect(program.events.at(-1)).toEqual({ type: 'process.outputEnded', output: 'stdout' })
    program.write('go\n')
    await program.untilCompleted()
    expect(program.output('stderr').toString()).toBe('err\n')
  })

  it('says at once that an output ended that is closed, and emits nothing of it any more', async () => {
    const program = sh('exec yes')
    program.perform(pause)
    await another(kind)
    program.perform({ type: 'process.closeOutput', output: 'stdout' })
    expect(program.events.at(-1)).toEqual({ type: 'process.outputEnded', output: 'stdout' })
    program.perform(resume)
    await program.untilCompleted()
    expect(program.output('stdout')).toHaveLength(0)
    expect(program.count('process.outputEnded')).toBe(2)
  })

  it('emits nothing of what was read before an output is closed', async () => {
    const script =
      'for line in 1 2 3; do echo $line; sleep 0.05; done; echo done >&2; exec sleep 600'
    const program: ObservedProcess = sh(script, (event) => {
      if (event.type === 'process.output' && event.output === 'stdout')
        program.perform({ type: 'process.closeOutput', output: 'stdout' })
    })
    program.perform(pause)
    await another(kind)
    await another(kind)
    program.perform(resume)
    await program.untilOutput('done\n', 'stderr')
    program.perform({ type: 'process.closeOutput', output: 'stdout' })
    program.signal('TERM')
    await program.untilCompleted()
    const ofStdout = program.events.filter((e) => 'output' in e && e.output === 'stdout')
    expect(ofStdout.map((event) => event.type)).toEqual(['process.output', 'process.outputEnded'])
  })

  it('emits nothing after an output is closed from inside its own data', async () => {
    const program: ObservedProcess = sh('exec yes', (event) => {
      if (event.type === 'process.output')
        program.perform({ type: 'process.closeOutput', output: 'stdout' })
    })
    await program.untilCompleted()
    const ofStdout = program.events.filter((e) => 'output' in e && e.output === 'stdout')
    expect(ofStdout.map((event) => event.type)).toEqual(['process.output', 'process.outputEnded'])
  })
})

it('takes no more from a paused program than a pipe and a read', async () => {
  const program = run(portOn('real pipes', ['yes']))
  program.perform(pause)
  const pid = await pidOfOnlyChild('yes')
  await eventually(
    () => isBlocked(pid),
    () => 'yes does not block',
  )
  await another('real pipes')
  expect(writtenByteCount(pid)).toBeLessThanOrEqual(pausedBoundBytes)
  program.perform({ type: 'process.disconnect' })
  await program.untilCompleted()
})

async function resumeUntilCompleted(program: ObservedProcess): Promise<void> {
  while (!program.isCompleted()) {
    program.perform(resume)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Runs another program to its end, which gives this process every occasion to emit what it should not. */
async function another(kind: (typeof streamKinds)[number]): Promise<void> {
  await run(portOn(kind, ['sh', '-c', 'sleep 0.1; seq 1 1000'])).untilCompleted()
}

async function pidOfOnlyChild(name: string): Promise<string> {
  const children = (): readonly string[] =>
    readFileSync('/proc/thread-self/children', 'latin1')
      .split(' ')
      .filter((pid) => pid !== '' && commandOf(pid) === name)
  await eventually(
    () => children().length === 1,
    () => `${name} does not run`,
  )
  return children()[0] ?? ''
}

function commandOf(pid: string): string {
  return readFileSync(`/proc/${pid}/comm`, 'latin1').trim()
}

function writtenByteCount(pid: string): number {
  return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1])
}

/** Whether a program sleeps in the kernel after it has filled a pipe. */
function isBlocked(pid: string): boolean {
  const state = /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return state === 'S' && writtenByteCount(pid) >= 65_536
}
