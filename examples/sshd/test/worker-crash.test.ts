import { describe, expect, it } from '@jest/globals'
import { waitUntil } from '@hawse/conformance'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runLine } from './example-server'
import { loggedEvents } from './logged-events'
import { temporaryFolder } from './temporary-folder'
import { twoWorkers } from './two-workers'
import {
  clientInEachWorker,
  isThere,
  runningClient,
  untilGone,
  untilLogged,
  workerProcessIds,
} from './worker-clients'

const folder = temporaryFolder()
const start = twoWorkers(folder)

/** Minds no signal but SIGKILL; ends with the folder, where no server is left to send that. */
const stubborn = `trap "" HUP TERM; while test -d ${folder}; do sleep 0.05; done`

async function untilFile(file: string): Promise<void> {
  await waitUntil(
    () => existsSync(file),
    () => `no ${file}`,
  )
}

describe('a worker that is killed', () => {
  it('takes its own clients with it and no others, and is replaced', async () => {
    const server = await start()
    const [lost, kept] = await clientInEachWorker(server, 'read line; exit 3')
    process.kill(lost.workerProcessId, 'SIGKILL')
    expect(await lost.ended).toBe(255)
    await untilLogged(server, 'worker.started', 3)
    expect(loggedEvents(server, 'worker.ended')).toMatchObject([
      { worker: 1, exitSignal: 'KILL', connections: 1, programs: 1, replacedInMs: 0 },
    ])
    const next = await runningClient(server, 'read line; exit 4')
    expect(next.workerProcessId).toBe(workerProcessIds(server)[2])
    for (const [client, code] of [
      [kept, 3],
      [next, 4],
    ] as const) {
      client.child.stdin?.end('\n')
      expect(await client.ended).toBe(code)
    }
  })

  it('leaves numbers to its successor that the log has not seen', async () => {
    const server = await start()
    const [lost] = await clientInEachWorker(server, 'exec cat')
    process.kill(lost.workerProcessId, 'SIGKILL')
    await untilLogged(server, 'worker.started', 3)
    await runningClient(server, 'exec cat')
    for (const [event, member] of [
      ['connection.opened', 'connection'],
      ['session.started', 'session'],
    ] as const) {
      await untilLogged(server, event, 3)
      const numbers = loggedEvents(server, event).map((one) => one[member])
      expect(new Set(numbers).size).toBe(3)
    }
  })

  it('is replaced more slowly the more often that happens', async () => {
    const server = await start()
    for (const count of [3, 4]) {
      process.kill(workerProcessIds(server).at(-1)!, 'SIGKILL')
      await untilLogged(server, 'worker.started', count)
    }
    const delays = loggedEvents(server, 'worker.ended').map(({ replacedInMs }) => replacedInMs)
    expect(delays).toEqual([0, 1_000])
    expect((await runLine(`${server.line} true`)).code).toBe(0)
  })

  it('lets connections wait where no other worker is there', async () => {
    const server = await start()
    workerProcessIds(server).forEach((processId) => process.kill(processId, 'SIGKILL'))
    await untilLogged(server, 'worker.ended', 2)
    expect((await runLine(`${server.line} 'exit 9'`)).code).toBe(9)
  })

  it('leaves its programs alone with --on-disconnect sshd', async () => {
    const server = await start()
    const [goOn, mark] = [join(folder, 'sshd-go-on'), join(folder, 'sshd-mark')]
    const command = `while ! test -e ${goOn} && test -d ${folder}; do sleep 0.05; done; : > ${mark}`
    const lost = await runningClient(server, command)
    process.kill(lost.workerProcessId, 'SIGKILL')
    await untilLogged(server, 'worker.ended', 1)
    await lost.ended
    writeFileSync(goOn, '')
    await untilFile(mark)
  })

  it('hangs up its programs with --on-disconnect hangUp, and no others', async () => {
    const server = await start(['--on-disconnect', 'hangUp'])
    const mark = join(folder, 'hung-up')
    const trap = `exec 2>/dev/null; trap ": > ${mark}; exit" HUP`
    const lost = await runningClient(
      server,
      `${trap}; while test -d ${folder}; do sleep 0.05; done`,
    )
    const kept = await runningClient(server, 'read line; exit 3')
    process.kill(lost.workerProcessId, 'SIGKILL')
    await untilFile(mark)
    await untilGone(lost.programProcessId)
    kept.child.stdin?.end('\n')
    expect(await kept.ended).toBe(3)
  })

  it('has programs killed that mind no signal, with --on-disconnect terminate, and no others', async () => {
    const server = await start(['--on-disconnect', 'terminate'])
    const [lost, kept] = await clientInEachWorker(server, stubborn)
    process.kill(lost.workerProcessId, 'SIGKILL')
    await untilGone(lost.programProcessId)
    expect(isThere(kept.programProcessId)).toBe(true)
    expect(loggedEvents(server, 'session.ended')).toEqual([])
  })

  it('has its programs ended before the server is, where it is told to end', async () => {
    const server = await start(['--on-disconnect', 'terminate'])
    const lost = await runningClient(server, stubborn)
    process.kill(lost.workerProcessId, 'SIGKILL')
    await untilLogged(server, 'worker.ended', 1)
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    await untilGone(lost.programProcessId)
  })
})

describe('a worker whose client floods', () => {
  it('does not keep the other one, nor itself, from serving', async () => {
    const server = await start()
    const flooded = await runningClient(server, 'exec yes')
    flooded.child.stdout?.pause()
    const reading = await runningClient(server, 'exec yes')
    reading.child.stdout?.resume()
    const again = await runningClient(server, 'exec yes')
    again.child.stdout?.resume()
    const runs = await Promise.all(
      [1, 2, 3, 4].map((code) => runLine(`${server.line} 'echo $PPID; exit ${code}'`)),
    )
    expect(runs.map(({ code }) => code)).toEqual([1, 2, 3, 4])
    expect(new Set(runs.map(({ stdout }) => Number(stdout)))).toEqual(
      new Set(workerProcessIds(server)),
    )
    for (const { child, programProcessId } of [flooded, reading, again]) {
      child.kill('SIGKILL')
      await untilGone(programProcessId)
    }
  })
})
