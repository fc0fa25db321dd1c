import { expect, it } from '../test-framework'
import type { ProcessProbe } from './process-probe'
import type { ProcessSuite } from './process-suite'

/** Signals: by name, to the whole group, at any time while the program runs. */
export function describeProcessSignals(suite: ProcessSuite): void {
  for (const signal of ['HUP', 'INT', 'KILL', 'QUIT', 'TERM', 'USR1', 'USR2']) {
    it(`delivers SIG${signal} to every process of the group`, async () => {
      const probe = suite.run('ulimit -c 0; sh -c "echo ready; exec sleep 600"; exit 9')
      await probe.untilOutput('ready\n')
      send(probe, signal)
      await probe.untilCompleted()
      expect(probe.all('process.exited')[0]?.outcome).toMatchObject({ kind: 'signaled', signal })
    })
  }

  it('lets a program handle a signal', async () => {
    const probe = suite.run(
      'trap "echo handled; exit 5" USR1; echo ready; while :; do sleep 0.05; done',
    )
    await probe.untilOutput('ready\n')
    send(probe, 'USR1')
    await probe.untilOutput('handled\n')
    await probe.untilCompleted()
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 5 })
  })

  it('delivers a signal after the end of input', async () => {
    const probe = suite.run('echo ready; exec sleep 600')
    await probe.untilOutput('ready\n')
    probe.perform({ type: 'process.closeInput' })
    send(probe, 'TERM')
    await probe.untilCompleted()
    expect(probe.all('process.exited')[0]?.outcome).toMatchObject({ signal: 'TERM' })
  })

  for (const signal of ['', 'NOSUCH', 'SIGTERM@example.com', '9', '__proto__']) {
    it(`ignores the unknown signal name "${signal}"`, async () => {
      const probe = suite.run('echo ready; read line; echo "got $line"')
      await probe.untilOutput('ready\n')
      expect(() => send(probe, signal)).not.toThrow()
      probe.write('line\n')
      await probe.untilOutput('got line\n')
      await probe.untilCompleted()
      expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 0 })
    })
  }
}

function send(probe: ProcessProbe, signal: string): void {
  probe.perform({ type: 'process.signal', signal })
}
