import { expect, it } from '../test-framework'
import type { TerminalSize } from '@hawse/core'
import type { ProcessProbe } from './process-probe'
import { scriptArguments, type ProcessSuite } from './process-suite'

/** Terminal commands: obeyed on a terminal, harmless without one. */
export function describeProcessTerminal(suite: ProcessSuite): void {
  if (suite.capabilities.isTerminal) describeTerminal(suite)
  else describeNoTerminal(suite)
}

function describeTerminal(suite: ProcessSuite): void {
  it('puts each of the three descriptors on one terminal', async () => {
    const probe = suite.run('tty; tty <&1; tty <&2')
    await probe.untilCompleted()
    const names = probe.output('stdout').toString().trim().split('\n')
    expect(names).toHaveLength(3)
    expect(new Set(names).size).toBe(1)
    expect(names[0]).toMatch(/^\/dev\//)
  })

  it('starts with the size given before the start', async () => {
    const probe = suite.make(scriptArguments('stty size', [], suite.capabilities))
    resize(probe, { columns: 132, rows: 43 })
    probe.perform({ type: 'process.start' })
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe('43 132\n')
  })

  it('tells the foreground program of a new size, the last of several', async () => {
    const probe = suite.run(
      'trap "stty size" WINCH; echo ready; until [ "$(stty size)" = "33 110" ]; do sleep 0.05; done; exit 4',
    )
    await probe.untilOutput('ready\n')
    resize(probe, { columns: 90, rows: 20 })
    resize(probe, { columns: 110, rows: 33 })
    await probe.untilOutput('33 110\n')
    await probe.untilCompleted()
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 4 })
  })

  it('keeps the old size where the new one is 0, and survives absurd sizes', async () => {
    const probe = suite.run('echo ready; read line; stty size')
    await probe.untilOutput('ready\n')
    resize(probe, { columns: 90, rows: 20 })
    resize(probe, { columns: 0, rows: 0 })
    resize(probe, { columns: 4_294_967_295, rows: 4_294_967_295 })
    resize(probe, { columns: 91, rows: 21 })
    resize(probe, { columns: 0, rows: 0 })
    probe.write('go\n')
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe('ready\n21 91\n')
  })

  // sshd sends them to the group of the shell.
  if (suite.capabilities.isRemote !== true) describeForegroundSignal(suite)

  it('turns an interrupt character into SIGINT', async () => {
    const probe = suite.make(['/bin/sh', '-c', 'echo ready; exec sleep 600'])
    probe.perform({ type: 'process.start' })
    await probe.untilOutput('ready\r\n')
    probe.write('\x03')
    await probe.untilCompleted()
    expect(probe.all('process.exited')[0]?.outcome).toMatchObject({ signal: 'INT' })
  })
}

function describeForegroundSignal(suite: ProcessSuite): void {
  it('sends signals to the foreground group of an interactive shell', async () => {
    const probe = suite.make(['/bin/bash', '--norc', '--noprofile', '-i'])
    probe.perform({ type: 'process.start' })
    probe.write('stty -echo; sh -c "echo re\'\'ady; exec sleep 600"; echo status $?\n')
    await probe.untilOutput('ready\r\n')
    probe.perform({ type: 'process.signal', signal: 'TERM' })
    await probe.untilOutput('status 143\r\n')
    probe.write('exit 7\n')
    await probe.untilCompleted()
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 7 })
  })
}

function describeNoTerminal(suite: ProcessSuite): void {
  it('ignores resize and break without a terminal', async () => {
    const probe = suite.make(scriptArguments('read line; echo "got $line"', [], suite.capabilities))
    resize(probe, { columns: 132, rows: 43 })
    probe.perform({ type: 'process.start' })
    resize(probe, { columns: 0, rows: 0 })
    probe.perform({ type: 'process.sendBreak', lengthMs: 0 })
    probe.write('line\n')
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe('got line\n')
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 0 })
  })
}

function resize(probe: ProcessProbe, size: Pick<TerminalSize, 'columns' | 'rows'>): void {
  probe.perform({ type: 'process.resize', size: { ...size, widthPixels: 0, heightPixels: 0 } })
}
