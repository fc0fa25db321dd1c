import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { hasRealPipes } from '../src/index'
import { openStandardPipes } from '../src/real-pipes'
import { openDescriptors, portOn, run } from './observed-process'

/** Behaves as a shell that puts here-documents into temporary files. */
const fileShell = `#!/bin/sh
exec 3</etc/passwd 4<&3 5<&3 6<&3 7<&3 8<&3 >&0
read line
`

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawse-streams-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('real pipes', () => {
  it('gives a program three pipes', async () => {
    const program = sh('readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2')
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toMatch(/^(pipe:\[\d+\]\n){3}$/)
  })

  it('gives a program no other descriptor', async () => {
    const program = sh('ls /proc/self/fd')
    await program.untilCompleted()
    const theirs = program.output('stdout').toString().trim().split('\n')
    const inherited = openDescriptors().filter((fd) => Number(fd) > 3 && !isClosedOnExec(fd))
    expect(theirs.filter((fd) => !inherited.includes(fd))).toEqual(['0', '1', '2', '3'])
  })

  it('kills a writer by SIGPIPE when its output is closed', async () => {
    const program = run(portOn('real pipes', ['yes']))
    await program.until(() => program.count('process.output') > 0)
    program.perform({ type: 'process.closeOutput', output: 'stdout' })
    await program.untilCompleted()
    expect(program.outcome()).toMatchObject({ kind: 'signaled', signal: 'PIPE' })
    expect(program.output('stderr')).toHaveLength(0)
  })

  it('lets a program open its streams by name', async () => {
    const program = sh('cat /dev/stdin >/dev/stdout; echo err >/dev/stderr')
    program.write('in\n')
    program.perform({ type: 'process.closeInput' })
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toBe('in\n')
    expect(program.output('stderr').toString()).toBe('err\n')
  })

  it('lets a program open its input by name long after its end', async () => {
    const program = sh('trap "exec cat /dev/stdin" USR1; echo ready; while :; do sleep 0.01; done')
    program.write('in\n')
    program.perform({ type: 'process.closeInput' })
    await program.until(() => program.takenByteCount() === 3)
    await program.untilOutput('ready\n')
    program.signal('USR1')
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toBe('ready\nin\n')
  })

  it('kills by SIGPIPE a program that opens a closed output by name', async () => {
    const program = sh('read line; exec echo late >/dev/stdout')
    program.perform({ type: 'process.closeOutput', output: 'stdout' })
    program.write('go\n')
    await program.untilCompleted()
    expect(program.outcome()).toMatchObject({ kind: 'signaled', signal: 'PIPE' })
  })

  it('are had here, and finding out leaves nothing open', () => {
    const before = openDescriptors()
    expect(hasRealPipes()).toBe(true)
    expect(openDescriptors()).toEqual(before)
  })

  it('are not had from a shell that makes files, twice in a row', () => {
    const shell = join(folder, 'file-shell')
    writeFileSync(shell, fileShell, { mode: 0o755 })
    const before = openDescriptors()
    expect([openStandardPipes(shell), openStandardPipes(shell)]).toEqual([undefined, undefined])
    expect(openDescriptors()).toEqual(before)
  })

  it.each(['/no/such/shell', '/bin/true', '/etc/passwd', '/usr/bin/yes'])(
    'are not had from %s, and nothing is left open by the attempt',
    (shell) => {
      const before = openDescriptors()
      expect(openStandardPipes(shell)).toBeUndefined()
      expect(openDescriptors()).toEqual(before)
    },
  )
})

describe('socket pairs, where there are no pipes', () => {
  it('give a program three sockets', async () => {
    const program = run(portOn('socket pairs', ['readlink', '/proc/self/fd/0', '/proc/self/fd/1']))
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toMatch(/^(socket:\[\d+\]\n){2}$/)
  })

  it('end a writer of a closed output too, by an error where something was unread', async () => {
    const program = run(portOn('socket pairs', ['yes']))
    await program.until(() => program.count('process.output') > 0)
    program.perform({ type: 'process.closeOutput', output: 'stdout' })
    await program.untilCompleted()
    const outcome = program.outcome()
    const isReset = outcome?.kind === 'exited' && outcome.code === 1
    const isBrokenPipe = outcome?.kind === 'signaled' && outcome.signal === 'PIPE'
    expect({ outcome, isEnded: isReset || isBrokenPipe }).toEqual({ outcome, isEnded: true })
  })

  it('fail to start in the same words', async () => {
    const program = run(portOn('socket pairs', ['no-such-program']))
    await program.untilCompleted()
    const message = 'no-such-program: command not found'
    expect(program.events).toEqual([{ type: 'process.startFailed', failure: 'notFound', message }])
  })
})

function sh(script: string) {
  return run(portOn('real pipes', ['/bin/sh', '-c', script]))
}

/** Whether Node will keep a descriptor of this process from its children; those it was started with are handed on. */
function isClosedOnExec(fd: string): boolean {
  const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1]
  return (parseInt(flags ?? '0', 8) & closeOnExecFlag) !== 0
}

/** O_CLOEXEC of Linux. */
const closeOnExecFlag = 0o2000000
