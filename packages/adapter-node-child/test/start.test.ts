import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { childProcess, type Argv, type ChildProcessOptions } from '../src/index'
import { startFailure } from '../src/start-failure'
import { eventually, observe, openDescriptors, run } from './observed-process'

const isRoot = process.getuid?.() === 0
const itAsRoot = isRoot ? it : it.skip
const itAsUser = isRoot ? it.skip : it
const nobodyId = 65_534

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawse-start-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('starting', () => {
  it('starts in the tick of process.start and says so first', async () => {
    const program = observe(childProcess(['/bin/true']))
    expect(program.events).toEqual([])
    program.perform({ type: 'process.start' })
    expect(program.events).toEqual([
      {
        type: 'process.started',
        outputs: ['stdout', 'stderr'],
        isTerminal: false,
        processId: expect.any(Number),
      },
    ])
    await program.untilCompleted()
  })

  it('starts once, however often it is asked', async () => {
    const program = run(childProcess(['/bin/sh', '-c', 'echo once']))
    program.perform({ type: 'process.start' })
    await program.untilCompleted()
    program.perform({ type: 'process.start' })
    expect(program.output('stdout').toString()).toBe('once\n')
    expect(program.count('process.started')).toBe(1)
  })

  it('gives a program only a PATH where no environment is given', async () => {
    const program = run(childProcess(['env']))
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toBe('PATH=/usr/local/bin:/usr/bin:/bin\n')
  })

  it('gives a program exactly the environment it is told', async () => {
    const env = Object.freeze({ A: '1', B: 'two words' })
    const program = run(childProcess(['/usr/bin/env'], { env }))
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toBe('A=1\nB=two words\n')
  })

  it('starts in the given directory', async () => {
    const program = run(childProcess(['pwd'], { cwd: '/usr/bin' }))
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toBe('/usr/bin\n')
  })

  it('tells a login shell its name', async () => {
    const program = run(childProcess(['/bin/sh', '-c', 'echo $0'], { argv0: '-sh' }))
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toBe('-sh\n')
  })

  it('puts the program into a session and process group of its own', async () => {
    const program = run(childProcess(['/bin/sh', '-c', 'cut -d" " -f1,5,6 /proc/$$/stat']))
    await program.untilCompleted()
    const [pid, group, session] = program.output('stdout').toString().trim().split(' ')
    expect([group, session]).toEqual([pid, pid])
  })

  itAsRoot('runs as another user, who can open its outputs by name', async () => {
    const script = 'id -u; id -g; id -G; echo err >/dev/stderr; cat /dev/stdin >/dev/stdout'
    const options = { uid: nobodyId, gid: nobodyId }
    const program = run(childProcess(['/bin/sh', '-c', script], options))
    program.write('in\n')
    program.perform({ type: 'process.closeInput' })
    await program.untilCompleted()
    expect(program.output('stdout').toString()).toBe(`${'65534\n'.repeat(3)}in\n`)
    expect(program.output('stderr').toString()).toBe('err\n')
  })
})

describe('a start that fails', () => {
  it('says what a shell says of a program that is not on the PATH', () =>
    expectFailure(['no-such-program'], {}, 'notFound', 'no-such-program: command not found'))

  it('says what a shell says of an empty program name', () =>
    expectFailure([''], {}, 'notFound', ': command not found'))

  it('says what a shell says of a path without a program', () =>
    expectFailure(['/no/such'], {}, 'notFound', '/no/such: No such file or directory'))

  it('says so where a path leads through a file', () =>
    expectFailure(['/etc/passwd/x'], {}, 'notFound', '/etc/passwd/x: Not a directory'))

  it('says that the interpreter of a script is missing', () => {
    const script = file('script', '#!/no/such/interpreter\n', 0o755)
    const message = `${script}: bad interpreter: No such file or directory`
    return expectFailure([script], {}, 'notFound', message)
  })

  it('says that a file may not be executed', () => {
    const plain = file('plain', '#!/bin/sh\n', 0o644)
    return expectFailure([plain], {}, 'notPermitted', `${plain}: Permission denied`)
  })

  it('says that a directory is no program', () =>
    expectFailure(['/usr'], {}, 'notPermitted', '/usr: Permission denied'))

  it('tells a missing directory from a missing program', () =>
    expectFailure(
      ['cat'],
      { cwd: '/no/such/home' },
      'failed',
      'cannot change directory to /no/such/home: No such file or directory',
    ))

  it('tells a missing program in a directory that is there', () =>
    expectFailure(['./no'], { cwd: '/usr' }, 'notFound', './no: No such file or directory'))

  it('says that the directory is a file', () =>
    expectFailure(
      ['cat'],
      { cwd: '/etc/passwd' },
      'failed',
      'cannot change directory to /etc/passwd: Not a directory',
    ))

  it('says that the arguments are too long, which Node throws', () =>
    expectFailure(['echo', 'x'.repeat(3_000_000)], {}, 'failed', 'echo: Argument list too long'))

  it('says that there is a NUL character, which Node throws', () =>
    expectFailure(
      ['echo', 'a\0b'],
      {},
      'failed',
      'echo: cannot start: a NUL character in the command, the environment or the directory',
    ))

  it('keeps control characters of a name out of the message', () =>
    expectFailure(['a\nb\u001b[2J'], {}, 'notFound', 'a?b?[2J: command not found'))

  itAsUser('says that another user may not be become', () =>
    expectFailure(['cat'], { uid: 0 }, 'notPermitted', 'cat: Operation not permitted'),
  )

  it('says that no descriptors are left, and starts programs again afterwards', async () => {
    const release = exhaustDescriptors()
    const program = run(childProcess(['cat']))
    release()
    await program.untilCompleted()
    expect(program.events).toEqual([
      { type: 'process.startFailed', failure: 'noResources', message: 'cat: Too many open files' },
    ])
    const later = run(childProcess(['echo', 'again']))
    await later.untilCompleted()
    expect(later.output('stdout').toString()).toBe('again\n')
  })

  it('leaves no descriptor behind, however many were left', async () => {
    const before = openDescriptors().length
    for (let sparedCount = 0; sparedCount < 20; sparedCount += 1) {
      const release = exhaustDescriptors(sparedCount)
      const program = run(childProcess(['true']))
      release()
      await program.untilCompleted()
    }
    await eventually(
      () => openDescriptors().length <= before,
      () => `${openDescriptors().length} descriptors are open, ${before} were before`,
    )
  })

  it.each([
    ['EPERM', 'notPermitted', 'ls: Operation not permitted'],
    ['EAGAIN', 'noResources', 'ls: Resource temporarily unavailable'],
    ['ENFILE', 'noResources', 'ls: File table overflow'],
    ['ENOMEM', 'noResources', 'ls: Not enough memory'],
    ['EIO', 'failed', 'ls: I/o error'],
    ['ENEW', 'failed', 'ls: cannot start: ENEW'],
  ])('explains %s', (code, failure, message) => {
    expect(startFailure({ code }, 'ls', '/')).toEqual({ failure, message })
  })

  it('ignores what comes after it', async () => {
    const program = run(childProcess(['/no/such']))
    program.write('x')
    program.signal('TERM')
    program.perform({ type: 'process.disconnect' })
    await program.untilCompleted()
    program.perform({ type: 'process.start' })
    expect(program.events).toHaveLength(1)
  })
})

async function expectFailure(
  argv: Argv,
  options: ChildProcessOptions,
  failure: string,
  message: string,
): Promise<void> {
  const program = run(childProcess(argv, options))
  // The end of the tick, before any I/O.
  await new Promise((resolve) => process.nextTick(resolve))
  expect(program.events).toEqual([{ type: 'process.startFailed', failure, message }])
  expect(program.isCompleted()).toBe(true)
}

function file(name: string, text: string, mode: number): string {
  const path = join(folder, name)
  writeFileSync(path, text, { mode })
  return path
}

/** Uses up the descriptors of this process but for some, by a limit a little above what is open. */
function exhaustDescriptors(sparedCount = 0): () => void {
  const limits = ['--pid', `${process.pid}`, '--nofile']
  const [soft] = execFileSync('prlimit', [...limits, '-o', 'SOFT', '--noheadings'])
    .toString()
    .split('\n')
  const openCount = readdirSync('/proc/self/fd').length
  execFileSync('prlimit', ['--pid', `${process.pid}`, `--nofile=${openCount + 40}:`])
  const fds: number[] = []
  try {
    for (;;) fds.push(openSync('/dev/null', 'r'))
  } catch {
    fds.splice(0, sparedCount).forEach((fd) => closeSync(fd))
    return () => {
      fds.forEach((fd) => closeSync(fd))
      execFileSync('prlimit', ['--pid', `${process.pid}`, `--nofile=${soft?.trim()}:`])
    }
  }
}
