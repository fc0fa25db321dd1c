import { afterEach, describe, expect, it } from '@jest/globals'
import { waitUntil } from '@hawse/conformance'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { outputWith, runLine, startExample, type ExampleServer } from './example-server'
import { loggedEvent, loggedEvents } from './logged-events'
import { temporaryFolder, writeFile } from './temporary-folder'
import { startVanishingProxy } from './vanishing-proxy'

const folder = temporaryFolder()
const servers: ExampleServer[] = []

async function start(...args: string[]): Promise<ExampleServer> {
  const server = await startExample(folder, ['--log-format', 'json', ...args])
  servers.push(server)
  return server
}

/** A client whose input stays open. */
function openClient(line: string): ChildProcess {
  return spawn('/bin/sh', ['-c', `exec ${line}`])
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.kill('SIGKILL')
    await server.ended
  }
})

describe('row 26: the log tells who ended a session, and how', () => {
  it.each([
    ['exit 3', { exit: 'code', exitCode: 3 }],
    ['kill -TERM $$', { exit: 'signal', exitSignal: 'TERM' }],
  ])('the process: %s', async (command, exit) => {
    const server = await start()
    await runLine(`${server.line} '${command}'`)
    expect(await loggedEvent(server, 'session.started')).toMatchObject({
      connection: 1,
      session: 1,
      program: 'exec',
      hasTerminal: false,
    })
    expect(await loggedEvent(server, 'session.ended')).toMatchObject({
      endedBy: 'process',
      ...exit,
    })
    expect(server.log()).not.toContain(command)
  })

  it('the client, that closes the channel', async () => {
    const server = await start()
    const client = new ssh2.Client()
    // It has said goodbye and may find the server gone: that is no error of the test.
    client.on('error', () => undefined)
    const [host, port] = server.address.split(':')
    const username = /(\S+)@/.exec(server.line)?.[1] ?? ''
    const privateKey = readFileSync(join(folder, 'hawse', 'client_ed25519'))
    client.connect({ host: host ?? '', port: Number(port), username, privateKey })
    await once(client, 'ready')
    client.exec('cat', (_, channel) => channel.close())
    expect(await loggedEvent(server, 'session.ended')).toMatchObject({ endedBy: 'peerClose' })
    client.end()
  })

  it('a connection that is lost', async () => {
    const server = await start('--on-disconnect', 'hangUp')
    const client = openClient(`${server.line} 'echo here; exec cat'`)
    await outputWith(client, 'here')
    client.kill('SIGKILL')
    expect(await loggedEvent(server, 'session.ended')).toMatchObject({ endedBy: 'connectionLost' })
  })

  it.each(['--idle-limit', '--session-limit'])('a limit of time: %s', async (option) => {
    const server = await start(option, '1')
    expect((await runLine(`${server.line} 'exec sleep 1000'`)).stderr).toContain('session ended')
    expect(await loggedEvent(server, 'session.ended')).toMatchObject({
      endedBy: 'timeout',
      exit: 'signal',
      exitSignal: 'HUP',
    })
  })

  it('the policy of the server, that refuses', async () => {
    const server = await start()
    await runLine(`${server.line} -s nonesuch`)
    const ended = await loggedEvent(server, 'session.ended')
    expect(ended).toMatchObject({ endedBy: 'policy', exit: 'none' })
    expect(server.log()).not.toContain('nonesuch')
  })

  it('a program that cannot be started', async () => {
    const shell = writeFile(folder, 'shell', '#!/bin/sh\n', 0o700)
    const server = await start('--shell', shell)
    rmSync(shell)
    expect((await runLine(`${server.line} true`)).code).toBe(127)
    const ended = await loggedEvent(server, 'session.ended')
    expect(ended).toMatchObject({ endedBy: 'failed', exit: 'code', exitCode: 127 })
  })
})

describe('the log of connections', () => {
  it('tells who came, by which key, and when the connection closed', async () => {
    const server = await start()
    await runLine(`${server.line} true`)
    await loggedEvent(server, 'connection.closed')
    expect(await loggedEvent(server, 'connection.opened')).toMatchObject({ address: '127.0.0.1' })
    const { key } = await loggedEvent(server, 'login.accepted')
    const shown = await runLine(`ssh-keygen -l -f ${folder}/hawse/client_ed25519`)
    expect(shown.stdout).toContain(` ${String(key)} `)
    expect(loggedEvents(server, 'login.refused')).toEqual([])
  })

  it('tells of a login that was refused', async () => {
    const server = await start()
    await runLine(`${server.line.replace(/\S+@/, 'stranger@')} true`)
    expect(await loggedEvent(server, 'login.refused')).toMatchObject({
      connection: 1,
      user: 'stranger',
      method: 'publickey',
      key: expect.stringMatching(/^SHA256:/),
    })
  })
})

describe('--client-alive', () => {
  it('notices a client whose packets vanish, frees its program, and drops its socket', async () => {
    const server = await start('--client-alive', '0.2')
    const proxy = await startVanishingProxy(Number(server.address.split(':')[1]))
    const marks = join(folder, 'marks')
    const line = server.line
      .replace(/-p \d+/, `-p ${proxy.port}`)
      .replace('ssh ', 'ssh -o StrictHostKeyChecking=no ')
    const program = `echo here; cat; echo input-closed > ${marks}; yes; echo output-closed >> ${marks}`
    const client = openClient(`${line} '${program}'`)
    await outputWith(client, 'here')
    proxy.vanish()
    expect(await loggedEvent(server, 'session.ended')).toMatchObject({ endedBy: 'connectionLost' })
    expect(readFileSync(marks, 'utf8')).toBe('input-closed\noutput-closed\n')
    await loggedEvent(server, 'connection.closed')
    expect(await loggedEvent(server, 'connection.failed')).toMatchObject({
      reason: 'Keepalive timeout (client-timeout)',
    })
    client.kill('SIGKILL')
    proxy.close()
  })
})

describe('--grace', () => {
  it('warns users, lets sessions end by themselves, refuses new connections, and reports', async () => {
    const server = await start('--grace', '60')
    const mark = join(folder, 'go-on')
    const client = openClient(
      `${server.line} 'echo here; while ! test -e ${mark}; do sleep 0.05; done; exit 5'`,
    )
    let stderr = ''
    client.stderr?.on('data', (chunk) => (stderr += String(chunk)))
    const ended = once(client, 'close')
    await outputWith(client, 'here')
    server.kill('SIGTERM')
    await waitUntil(
      () => stderr.includes('this server is shutting down; this session ends in 60 s'),
      () => `no warning: ${stderr}`,
    )
    expect((await runLine(`${server.line} true`)).code).toBe(255)
    writeFile(folder, 'go-on', '')
    expect(await server.ended).toBe(0)
    expect(existsSync(mark)).toBe(true)
    expect((await ended)[0]).toBe(5)
    expect(await loggedEvent(server, 'server.closing')).toMatchObject({
      sessions: 1,
      graceMs: 60_000,
    })
    expect(await loggedEvent(server, 'server.closed')).toMatchObject({
      endedByThemselves: 1,
      hungUp: 0,
      killed: 0,
      left: 0,
    })
  })

  it('hangs up, terminates and kills what is left after it', async () => {
    const server = await start('--grace', '0.1')
    const client = openClient(
      `${server.line} 'trap "" HUP TERM; echo here; while :; do sleep 1; done'`,
    )
    await outputWith(client, 'here')
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(loggedEvents(server, 'session.signaled').map(({ signal }) => signal)).toEqual([
      'HUP',
      'TERM',
      'KILL',
    ])
    expect(await loggedEvent(server, 'server.closed')).toMatchObject({ killed: 1, left: 0 })
  })

  it('is cut short by a second signal', async () => {
    const server = await start('--grace', '600')
    const client = openClient(`${server.line} 'echo here; exec cat'`)
    await outputWith(client, 'here')
    server.kill('SIGTERM')
    await loggedEvent(server, 'server.closing')
    server.kill('SIGTERM')
    expect(await server.ended).toBe(143)
  })
})
