import { describe, expect, it } from '@jest/globals'
import { exitOutcome } from '../src/exit-outcome'
import { portOn, run, streamKinds, type ObservedProcess } from './observed-process'

describe.each(streamKinds)('the end on %s', (kind) => {
  const sh = (script: string): ObservedProcess => run(portOn(kind, ['/bin/sh', '-c', script]))

  it('is told at exit, before a background process that holds the outputs says its last', async () => {
    const program = sh('(sleep .3; echo late) & echo early; exit 3')
    await program.untilCompleted()
    const types = program.events.map((event) => event.type)
    expect(types.indexOf('process.exited')).toBeLessThan(types.indexOf('process.outputEnded'))
    expect(program.outcome()).toEqual({ kind: 'exited', code: 3 })
    expect(program.output('stdout').toString()).toBe('early\nlate\n')
  })

  it('comes with the outputs where a background process is cut off from them', async () => {
    const program = sh('sleep 600 & echo $!')
    await program.untilOutput('\n')
    await program.until(() => program.outcome() !== undefined)
    expect(program.isCompleted()).toBe(false)
    program.perform({ type: 'process.closeOutput', output: 'stdout' })
    expect(program.isCompleted()).toBe(false)
    program.perform({ type: 'process.closeOutput', output: 'stderr' })
    expect(program.isCompleted()).toBe(true)
    process.kill(Number(program.output('stdout').toString()))
  })

  it('is told after a disconnect, which ends input and outputs at once', async () => {
    const program = sh('echo ready; cat; exit 4')
    await program.untilOutput('ready\n')
    program.perform({ type: 'process.disconnect' })
    expect(program.count('process.outputEnded')).toBe(2)
    await program.untilCompleted()
    expect(program.events.at(-1)).toEqual({
      type: 'process.exited',
      outcome: { kind: 'exited', code: 4 },
    })
  })

  it('is told once, and nothing after it, whatever is asked then', async () => {
    const program = sh('exit 255')
    await program.untilCompleted()
    const facts = [...program.events]
    program.write('x')
    program.perform({ type: 'process.closeInput' })
    program.perform({ type: 'process.resumeOutput' })
    program.perform({ type: 'process.closeOutput', output: 'stdout' })
    program.perform({ type: 'process.disconnect' })
    program.signal('KILL')
    await run(portOn(kind, ['true'])).untilCompleted()
    expect(program.events).toEqual(facts)
    expect(program.count('process.exited')).toBe(1)
  })
})

describe('the outcome', () => {
  it.each(['KILL', 'BUS', 'SYS', 'XCPU', 'PWR'])('names SIG%s', async (signal) => {
    const program = run(portOn('real pipes', ['sh', '-c', `ulimit -c 0; kill -${signal} $$`]))
    await program.untilCompleted()
    expect(program.outcome()).toMatchObject({ kind: 'signaled', signal, hasCoreDumped: false })
  })

  it.each([32, 34, 64])(
    'of death by signal %i is exit code 0: Node has no name',
    async (number) => {
      const program = run(portOn('real pipes', ['sh', '-c', `kill -${number} $$; exit 9`]))
      await program.untilCompleted()
      expect(program.outcome()).toEqual({ kind: 'exited', code: 0 })
    },
  )

  it.each([
    [null, null],
    [undefined, undefined],
    [null, ''],
    [-2, null],
  ])('is unreported where Node says code %p and signal %p', (code, signal) => {
    expect(exitOutcome(code, signal).kind).toBe('unreported')
  })
})
