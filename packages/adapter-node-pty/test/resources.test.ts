import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { runInTerminal, runScript, type TerminalRun } from './support/terminal-run'

/** Descriptors of this process that lead to a terminal, and how many there are in all. */
function descriptors(): { readonly terminals: readonly string[]; readonly count: number } {
  const targets = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
  return { terminals: targets.filter((name) => /ptmx|pts/.test(name)), count: targets.length }
}

function childCount(): number {
  const tasks = readdirSync('/proc/self/task')
  const lists = tasks.map((task) => childrenOf(`/proc/self/task/${task}/children`))
  return lists.flat().length
}

function childrenOf(file: string): readonly string[] {
  return readFileSync(file, 'latin1').split(' ').filter(Boolean)
}

/** Uses up the descriptors of this process but for some, by a limit a little above what is open. */
function exhaustDescriptors(sparedCount: number): () => void {
  const limit = (...args: readonly string[]): string =>
    execFileSync('prlimit', ['--pid', `${process.pid}`, ...args], { encoding: 'utf8' })
  const soft = limit('--nofile', '-o', 'SOFT', '--noheadings').trim()
  limit(`--nofile=${descriptors().count + 40}:`)
  const taken: number[] = []
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch {
    taken.splice(0, sparedCount).forEach((descriptor) => closeSync(descriptor))
  }
  return () => {
    taken.forEach((descriptor) => closeSync(descriptor))
    limit(`--nofile=${soft}:`)
  }
}

async function fifty(end: (run: TerminalRun, index: number) => void): Promise<void> {
  const runs = Array.from({ length: 50 }, () => runScript('echo ready; read line'))
  await Promise.all(runs.map((run) => run.until(() => run.text().includes('ready'))))
  runs.forEach(end)
  await Promise.all(runs.map((run) => run.over()))
}

describe('resources', () => {
  it('are all given back by 50 terminals, however they end', async () => {
    await runInTerminal(['true']).over()
    const before = descriptors()
    const childrenBefore = childCount()
    await fifty((run, index) => {
      if (index % 4 === 0) run.type('\r')
      if (index % 4 === 1) run.perform({ type: 'process.disconnect' })
      if (index % 4 === 2) run.perform({ type: 'process.signal', signal: 'KILL' })
      if (index % 4 === 3) run.perform({ type: 'process.closeOutput', output: 'stdout' })
    })
    expect(descriptors().terminals).toEqual(before.terminals)
    expect(descriptors().count).toBeLessThanOrEqual(before.count)
    expect(childCount()).toBe(childrenBefore)
  })

  it('are given back when the start fails', async () => {
    await runInTerminal(['true']).over()
    const before = descriptors().terminals
    await runInTerminal(['pwd'], { cwd: '/no/such/directory' }).over()
    await runInTerminal(['echo', 'a\0b']).over()
    expect(descriptors().terminals).toEqual(before)
  })

  it('are given back when the start fails for want of descriptors, however many were left', async () => {
    await runInTerminal(['true']).over()
    const before = descriptors()
    for (let sparedCount = 0; sparedCount < 20; sparedCount += 1) {
      const release = exhaustDescriptors(sparedCount)
      await runInTerminal(['true']).over().finally(release)
    }
    expect(descriptors().terminals).toEqual(before.terminals)
    expect(descriptors().count).toBeLessThanOrEqual(before.count)
  })

  it('of one terminal are not held by the program of another', async () => {
    const first = runScript('echo ready; read line')
    await first.until(() => first.text().includes('ready'))
    const second = runInTerminal(['/bin/ls', '-l', '/proc/self/fd'])
    await second.over()
    const targets = second.text().match(/\d+ -> \S+/g) ?? []
    expect(targets.map((target) => target.replace(/\/pts\/\d+|\/proc\/\d+/, ''))).toEqual([
      '0 -> /dev',
      '1 -> /dev',
      '2 -> /dev',
      '3 -> /fd',
    ])
    first.type('\r')
    await first.over()
  })

  it('leave no slave side to a child started by other code', async () => {
    const run = runScript('echo ready; read line')
    await run.until(() => run.text().includes('ready'))
    const child = spawn('/bin/ls', ['-l', '/proc/self/fd'])
    let listing = ''
    child.stdout.on('data', (chunk: Buffer) => (listing += chunk.toString()))
    await new Promise((resolve) => child.on('close', resolve))
    expect(listing).toContain('/proc/')
    expect(listing).not.toContain('/dev/pts/')
    run.type('\r')
    await run.over()
  })
})
