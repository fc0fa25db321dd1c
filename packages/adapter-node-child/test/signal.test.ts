import process from 'node:process'
import { expect, it, jest } from '@jest/globals'
import { eventually, portOn, run } from './observed-process'

it('reaches every process of the group', async () => {
  const program = run(portOn('real pipes', ['sh', '-c', 'sleep 600 & echo $!; wait']))
  await program.untilOutput('\n')
  const grandchild = Number(program.output('stdout').toString())
  program.signal('TERM')
  await program.untilCompleted()
  expect(program.outcome()).toMatchObject({ kind: 'signaled', signal: 'TERM' })
  await eventually(
    () => !isAlive(grandchild),
    () => 'the grandchild lives',
  )
})

it.each(['', 'TREM', 'SIGTERM', '15', 'TERM\0', 'toString', 'RTMIN'])(
  'ignores "%s", which is no name of a signal here',
  async (signal) => {
    const program = run(portOn('real pipes', ['cat']))
    program.signal(signal)
    program.perform({ type: 'process.closeInput' })
    await program.untilCompleted()
    expect(program.outcome()).toEqual({ kind: 'exited', code: 0 })
  },
)

it('sends nothing to the number of a process that was reaped, although its outputs are open', async () => {
  const program = run(portOn('real pipes', ['sh', '-c', 'sleep 600 & echo $!']))
  await program.until(() => program.outcome() !== undefined)
  await program.untilOutput('\n')
  const kill = jest.spyOn(process, 'kill')
  program.signal('TERM')
  expect(kill).not.toHaveBeenCalled()
  kill.mockRestore()
  process.kill(Number(program.output('stdout').toString()))
  await program.untilCompleted()
})

it('ignores the terminal commands, and a start that is over', async () => {
  const program = run(portOn('real pipes', ['cat']))
  const size = { columns: 0, rows: 0, widthPixels: 0, heightPixels: 0 }
  program.perform({ type: 'process.resize', size })
  program.perform({ type: 'process.sendBreak', lengthMs: 0 })
  program.perform({ type: 'process.start' })
  program.perform({ type: 'process.closeInput' })
  await program.untilCompleted()
  expect(program.outcome()).toEqual({ kind: 'exited', code: 0 })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
