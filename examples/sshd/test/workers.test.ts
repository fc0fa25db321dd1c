import { describe, expect, it } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runExample, runLine } from './example-server'
import { loggedEvent, loggedEvents } from './logged-events'
import { temporaryFolder, writeFile } from './temporary-folder'
import { twoWorkers } from './two-workers'
import {
  clientInEachWorker,
  runningClient,
  untilGone,
  untilLogged,
  workerProcessIds,
} from './worker-clients'

const folder = temporaryFolder()
const start = twoWorkers(folder)

describe('--workers', () => {
  it('serves connections in all workers, and in no other process', async () => {
    const server = await start()
    const clients = await clientInEachWorker(server, 'read line; exit 3')
    const workers = clients.map(({ workerProcessId }) => workerProcessId)
    expect([...workers].sort()).toEqual([...workerProcessIds(server)].sort())
    expect(workers).not.toContain(server.processId)
    for (const { child, ended } of clients) {
      child.stdin?.end('\n')
      expect(await ended).toBe(3)
    }
  })

  it('logs each event once, with the worker and numbers that no other connection or session has', async () => {
    const server = await start()
    await Promise.all(Array.from({ length: 8 }, () => runLine(`${server.line} true`)))
    await untilLogged(server, 'connection.closed', 8)
    for (const event of ['connection.opened', 'login.accepted', 'session.started']) {
      expect(loggedEvents(server, event)).toHaveLength(8)
    }
    const opened = loggedEvents(server, 'connection.opened')
    expect(new Set(opened.map(({ connection }) => connection)).size).toBe(8)
    expect(new Set(opened.map(({ worker }) => worker))).toEqual(new Set([1, 2]))
    const ended = loggedEvents(server, 'session.ended')
    expect(new Set(ended.map(({ session }) => session)).size).toBe(8)
  })

  it('serves in the one process without it, and says nothing of workers', async () => {
    const server = await start(['--workers', '1'])
    const client = await runningClient(server, 'read line')
    expect(client.workerProcessId).toBe(server.processId)
    client.child.stdin?.end('\n')
    await loggedEvent(server, 'connection.closed')
    expect(server.log()).not.toContain('worker')
  })

  it('tells of a line in a key file once, however many workers read it', async () => {
    const file = writeFile(folder, 'keys', 'cert-authority ssh-ed25519 AAAAC3Nza\n')
    const server = await start(['--authorized-keys', file])
    await untilLogged(server, 'worker.started', 2)
    await runLine(`${server.line} -o BatchMode=yes true`)
    expect(server.log().match(/lets nobody in/g)).toHaveLength(1)
  })

  it('does not start where a worker cannot, and says so in one line', async () => {
    const file = join(folder, 'broken-worker.cjs')
    writeFileSync(file, 'if (process.send !== undefined) process.exit(7)\n')
    const before = process.env['NODE_OPTIONS']
    process.env['NODE_OPTIONS'] = `--require ${file}`
    const run = await runExample(folder, ['--listen', '127.0.0.1:0', '--workers', '2'])
    if (before === undefined) delete process.env['NODE_OPTIONS']
    else process.env['NODE_OPTIONS'] = before
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toMatch(/^sshd: worker \d ended before it could serve \(code 7\)$/m)
  })
})

describe('closing a server with workers', () => {
  it('warns the users of all workers, lets their sessions end, and reports once', async () => {
    const server = await start(['--grace', '60'])
    const mark = join(folder, 'go-on')
    const waiting = `while ! test -e ${mark} && test -d ${folder}; do sleep 0.05; done; exit 5`
    const clients = await clientInEachWorker(server, waiting)
    server.kill('SIGTERM')
    await untilLogged(server, 'session.warned', 2)
    expect((await runLine(`${server.line} true`)).code).toBe(255)
    writeFileSync(mark, '')
    expect(await server.ended).toBe(0)
    for (const { ended, stderr } of clients) {
      expect(await ended).toBe(5)
      expect(stderr()).toContain('this server is shutting down; this session ends in 60 s')
    }
    expect(loggedEvents(server, 'server.closing')).toMatchObject([{ sessions: 2, graceMs: 60_000 }])
    expect(loggedEvents(server, 'server.closed')).toMatchObject([
      { endedByThemselves: 2, hungUp: 0, killed: 0, left: 0 },
    ])
    await Promise.all(workerProcessIds(server).map(untilGone))
  })

  it('hangs up, terminates and kills the sessions of all workers', async () => {
    const server = await start(['--grace', '0.1'])
    await clientInEachWorker(server, 'trap "" HUP TERM; while :; do sleep 1; done')
    server.kill('SIGINT')
    expect(await server.ended).toBe(0)
    expect(loggedEvents(server, 'session.signaled')).toHaveLength(6)
    expect(loggedEvents(server, 'server.closed')).toMatchObject([{ killed: 2, left: 0 }])
  })

  it('is cut short by a second signal, in all workers', async () => {
    const server = await start(['--grace', '600'])
    const clients = await clientInEachWorker(server, 'exec cat')
    server.kill('SIGTERM')
    await loggedEvent(server, 'server.closing')
    server.kill('SIGTERM')
    expect(await server.ended).toBe(143)
    await Promise.all(workerProcessIds(server).map(untilGone))
    for (const { ended, programProcessId } of clients) {
      expect(await ended).toBe(255)
      await untilGone(programProcessId)
    }
  })

  it('is not begun by a signal to a worker, which a terminal sends to all processes', async () => {
    const server = await start()
    const client = await runningClient(server, 'read line; exit 4')
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.kill(client.workerProcessId, signal)
    }
    expect((await runLine(`${server.line} true`)).code).toBe(0)
    client.child.stdin?.end('\n')
    expect(await client.ended).toBe(4)
    expect(loggedEvents(server, 'worker.ended')).toEqual([])
  })

  it('leaves no worker where the primary is killed', async () => {
    const server = await start()
    const clients = await clientInEachWorker(server, 'exec cat')
    server.kill('SIGKILL')
    expect(await server.ended).toBe('SIGKILL')
    for (const { ended, workerProcessId, programProcessId } of clients) {
      expect(await ended).toBe(255)
      await untilGone(workerProcessId)
      await untilGone(programProcessId)
    }
  })
})
