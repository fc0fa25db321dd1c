import { execFileSync } from 'node:child_process'
import { closeSync, readFileSync, readlinkSync } from 'node:fs'
import process from 'node:process'
import { describe, expect, it } from '@jest/globals'
import { startPipeHolder, type PipeHolder } from '../src/pipe-holder'
import { openStandardPipes } from '../src/real-pipes'
import { eventually, portOn, run } from './observed-process'

const itOnLinux = process.platform === 'linux' ? it : it.skip

describe('the shell that holds pipes', () => {
  itOnLinux('makes other pipes each time, and lets the old ones go', async () => {
    const { holder, pid } = startHolder()
    const taken = Array.from({ length: 20 }, () => holder.take((paths) => paths.map(readLink)))
    expect(new Set(taken.flat()).size).toBe(60)
    const last = taken.slice(-2).flat()
    await eventually(
      () => heldNames(pid).length === 6 && heldNames(pid).every((name) => !last.includes(name)),
      () => `the shell holds ${heldNames(pid).join(' ')}, of which ${last.join(' ')} were taken`,
    )
    holder.end()
  })

  itOnLinux('throws at once when it has ended', async () => {
    const { holder, pid } = startHolder()
    holder.end()
    await untilGone(pid)
    expect(() => holder.take(() => undefined)).toThrow()
  })

  itOnLinux('is started again by the next program after it was killed', async () => {
    const others = holderPids()
    const ours = (): readonly number[] => holderPids().filter((pid) => !others.includes(pid))
    await showOutput()
    const [pid] = ours()
    if (pid === undefined) throw new Error('there should be a shell that holds pipes')
    process.kill(pid, 'SIGKILL')
    await untilGone(pid)
    expect(await showOutput()).toMatch(/^pipe:/)
    expect(ours()).toHaveLength(1)
  })

  itOnLinux('makes no pipe that holds anything', () => {
    const pipes = openStandardPipes()
    if (pipes === undefined) throw new Error('there should be pipes')
    const { stdin, stdout, stderr } = pipes
    const ends = [stdin, stdout, stderr].map(({ writeFd }) => writeFd)
    ends.forEach((fd) => closeSync(fd))
    const contents = [stdin, stdout, stderr].map(({ readFd }) => readFileSync(readFd).length)
    expect(contents).toEqual([0, 0, 0])
    ;[stdin, stdout, stderr].forEach(({ readFd }) => closeSync(readFd))
  })

  itOnLinux('ends with a process that was killed', async () => {
    const pid = Number(execFileSync(process.execPath, ['-e', killedWithHolder]).toString())
    expect(pid).toBeGreaterThan(1)
    await untilGone(pid)
  })
})

/** Starts a Node process that runs a program, starts this very shell by that, prints its number and is killed. */
const killedWithHolder = `
  const { spawn } = require('node:child_process')
  const script = ${JSON.stringify(`
    const { readFileSync, writeSync } = require('node:fs')
    const { childProcess } = require(${JSON.stringify(require.resolve('../dist/index.cjs'))})
    const port = childProcess(['true'])
    port.event$.subscribe({ complete: () => {
      writeSync(1, readFileSync('/proc/self/task/' + process.pid + '/children', 'latin1').trim())
      process.kill(process.pid, 'SIGKILL')
    } })
    port.perform({ type: 'process.start' })
  `)}
  spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'inherit', 'inherit'] })
`

function startHolder(): { readonly holder: PipeHolder; readonly pid: number } {
  const before = children()
  const holder = startPipeHolder('/bin/sh', () => undefined)
  if (holder === 'makes files') throw new Error('/bin/sh should make pipes')
  const [pid] = children().filter((child) => !before.includes(child))
  return { holder, pid: pid ?? 0 }
}

function untilGone(pid: number): Promise<void> {
  return eventually(
    () => commandLine(pid) === '',
    () => `shell ${String(pid)} should be gone`,
  )
}

/** Runs a program to its end that tells what its stdout is. */
async function showOutput(): Promise<string> {
  const program = run(portOn('real pipes', ['readlink', '/proc/self/fd/1']))
  await program.untilCompleted()
  return program.output('stdout').toString()
}

function heldNames(pid: number): readonly string[] {
  return [3, 4, 5, 6, 7, 8].map((fd) => readLink(`/proc/${String(pid)}/fd/${String(fd)}`))
}

function readLink(path: string): string {
  return readlinkSync(path)
}

function holderPids(): readonly number[] {
  return children().filter((pid) => commandLine(pid).includes('while read line'))
}

function children(): readonly number[] {
  const listed = readFileSync(`/proc/self/task/${String(process.pid)}/children`, 'latin1')
  return listed.trim().split(' ').filter(Boolean).map(Number)
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}
