import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from '../test-framework'
import { digest, everyByteValue } from './process-output'
import type { ProcessProbe } from './process-probe'
import type { ProcessSuite } from './process-suite'

/** More than any kernel buffer between two processes holds, in bytes. */
const moreThanBuffersBytes = 4_000_000

/** Time given to a wrong adapter to claim too much, in milliseconds; a right one passes however long it is. */
const opportunityMs = 200

/** Input: every byte, in order, on credit, then its end. */
export function describeProcessInput(suite: ProcessSuite): void {
  const { isRemote = false } = suite.capabilities

  it('passes every byte value and megabytes exactly, and counts what the process took', async () => {
    const bytes = Buffer.concat([everyByteValue, randomBytes(1_000_000)])
    const probe = suite.run(`echo ready; head -c ${bytes.length} > "$1"; sha256sum < "$1"`, file())
    await probe.untilOutput('ready\n')
    probe.write(bytes)
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe(`ready\n${digest(bytes)}  -\n`)
    expect(takenByteCount(probe)).toBe(bytes.length)
  })

  it('keeps the order of many small writes, empty ones included', async () => {
    const probe = suite.run('echo ready; head -c 3890')
    await probe.untilOutput('ready\n')
    const lines = Array.from({ length: 1_000 }, (_, index) => `${index}`.padEnd(index % 4))
    const text = lines.join('')
    lines.forEach((line) => probe.write(line))
    probe.write('')
    probe.write(' '.repeat(3_890 - text.length))
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe(
      `ready\n${text}${' '.repeat(3_890 - text.length)}`,
    )
    expect(takenByteCount(probe)).toBe(3_890)
  })

  it('does not count as taken what the process has not read', async () => {
    const probe = suite.run(
      'echo ready; until [ -e "$1" ] || [ ! -d "${1%/*}" ]; do sleep 0.05; done; wc -c',
      file(),
    )
    await probe.untilOutput('ready\n')
    probe.write(Buffer.alloc(moreThanBuffersBytes, 'x'))
    await delay(opportunityMs)
    expect(takenByteCount(probe)).toBeLessThan(moreThanBuffersBytes)
    await writeFile(file(), '')
    await probe.until('all input taken', () => takenByteCount(probe) === moreThanBuffersBytes)
  })

  it('ends although input is pending when the process ends', async () => {
    const probe = suite.run(
      'echo ready; until [ -e "$1" ] || [ ! -d "${1%/*}" ]; do sleep 0.05; done; exit 3',
      file(),
    )
    await probe.untilOutput('ready\n')
    probe.write(Buffer.alloc(moreThanBuffersBytes, 'x'))
    await writeFile(file(), '')
    expect((await probe.first('process.exited')).outcome).toEqual({ kind: 'exited', code: 3 })
    await probe.untilCompleted()
    // What a server was sent counts as taken, and it may take what no program reads any more.
    if (isRemote) return
    expect(takenByteCount(probe)).toBeLessThan(moreThanBuffersBytes)
  })

  if (suite.capabilities.isTerminal) describeTerminalInput(suite)
  else describePipeInput(suite)

  function file(): string {
    return suite.file('file')
  }
}

function describeTerminalInput(suite: ProcessSuite): void {
  it('passes no end of input to a terminal', async () => {
    const probe = suite.run('echo ready; read line; echo "got $line"')
    await probe.untilOutput('ready\n')
    probe.perform({ type: 'process.closeInput' })
    probe.write('line\n')
    await probe.untilOutput('got line\n')
    await probe.untilCompleted()
  })
}

function describePipeInput(suite: ProcessSuite): void {
  it('ends the input after everything that was written', async () => {
    const bytes = randomBytes(moreThanBuffersBytes)
    const probe = suite.run('sha256sum')
    probe.write(bytes)
    probe.perform({ type: 'process.closeInput' })
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe(`${digest(bytes)}  -\n`)
    expect(takenByteCount(probe)).toBe(bytes.length)
  })

  it('ends the input of a process that was given none', async () => {
    const probe = suite.run('wc -c')
    probe.perform({ type: 'process.closeInput' })
    await probe.untilCompleted()
    expect(probe.output('stdout').toString().trim()).toBe('0')
  })

  // Servers tell that only to a client that calls itself OpenSSH, which ssh2 does not.
  if (suite.capabilities.isRemote !== true) describeClosedInput(suite)

  if (!suite.capabilities.hasPipes) return

  it('lets a process open its input again by name', async () => {
    const probe = suite.run('cat /dev/stdin > "$1"; cat "$1"', suite.file('copy'))
    probe.write('by name\n')
    probe.perform({ type: 'process.closeInput' })
    await probe.untilCompleted()
    expect(probe.output('stdout').toString()).toBe('by name\n')
  })
}

function describeClosedInput(suite: ProcessSuite): void {
  it('says once that the process closed its input, and lets it run on', async () => {
    const probe = suite.run(
      'exec <&-; echo closed; until [ -e "$1" ] || [ ! -d "${1%/*}" ]; do sleep 0.05; done; exit 4',
      suite.file('go'),
    )
    await probe.untilOutput('closed\n')
    probe.write(Buffer.alloc(moreThanBuffersBytes, 'x'))
    await probe.first('process.inputClosed')
    probe.write('more')
    probe.perform({ type: 'process.closeInput' })
    await writeFile(suite.file('go'), '')
    await probe.untilCompleted()
    expect(probe.all('process.inputClosed')).toHaveLength(1)
    expect(probe.all('process.exited')[0]?.outcome).toEqual({ kind: 'exited', code: 4 })
  })
}

function takenByteCount(probe: ProcessProbe): number {
  return probe.all('process.inputWritten').reduce((sum, event) => sum + event.byteCount, 0)
}
