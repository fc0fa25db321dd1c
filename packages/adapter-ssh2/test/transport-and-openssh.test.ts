import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'
import { openSsh, openSshOnTerminal } from './support/open-ssh'
import type { Recorder } from './support/recorder'
import { startSessionServer, type SessionServer } from './support/session-server'
import { ssh2Versions } from './support/ssh2-versions'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

describe.each(ssh2Versions())('transport port over $name, and OpenSSH', ({ ssh2 }) => {
  let server: SessionServer
  beforeEach(async () => {
    server = await startSessionServer(ssh2)
  })
  afterEach(() => server.close())

  it('carries a command, both outputs and the exit status', async () => {
    const ssh = openSsh(server.port, 'echo $HOME', '-n')
    const session = await server.session(0)
    expect(await session.request('exec')).toMatchObject({ command: 'echo $HOME' })
    await session.message(({ type }) => type === 'eof')
    session.send(
      { type: 'success' },
      { type: 'data', bytes: text('out') },
      { type: 'extendedData', dataType: 1, bytes: text('err') },
    )
    finish(session, 7)
    expect(await ssh.ended).toBe(7)
    expect(ssh.stdout().toString()).toBe('out')
    expect(ssh.stderr()).toContain('err')
  })

  it('says who the peer is and what was agreed', async () => {
    const ssh = openSsh(server.port, 'true')
    const { port } = await server.session(0)
    expect(port.peerSoftware).toMatch(/^OpenSSH_/)
    expect(port.host).toEqual({ family: 'IPv4', address: '127.0.0.1', port: server.port })
    expect(port.peer).toMatchObject({ family: 'IPv4', address: '127.0.0.1' })
    expect(port.parameters).toEqual({
      localWindowBytes: 2 ** 21,
      localMaximumWindowBytes: 2 ** 21,
      localMaximumPacketBytes: 2 ** 15,
      remoteWindowBytes: 2 ** 21,
      remoteMaximumPacketBytes: 2 ** 15,
    })
    ssh.child.kill('SIGKILL')
    await ssh.ended
  })

  it('sees the terminal modes that ssh2 loses', async () => {
    const setUp = 'stty intr ^Y -echo iutf8'
    const ssh = openSshOnTerminal(server.port, 'vi', setUp)
    const session = await server.session(0)
    const { terminal } = await session.request('pty-req')
    expect(terminal.modes.get(1)).toBe(0x19)
    expect(terminal.modes.get(42)).toBe(1)
    expect(terminal.modes.get(53)).toBe(0)
    await session.request('exec')
    session.send({ type: 'success' }, { type: 'success' })
    finish(session, 0)
    expect(await ssh.ended).toBe(0)
  })

  it.each([
    ['aes128-gcm@openssh.com', 'no'],
    ['aes256-ctr', 'no'],
    ['chacha20-poly1305@openssh.com', 'no'],
    ['aes128-gcm@openssh.com', 'yes'],
    ['chacha20-poly1305@openssh.com', 'yes'],
  ])('carries bytes exactly both ways: cipher %s, compression %s', async (cipher, compression) => {
    const input = Buffer.concat([randomBytes(300_000), Buffer.alloc(300_000)])
    const options = ['-c', cipher, '-o', `Compression=${compression}`]
    const ssh = openSsh(server.port, 'cat', ...options)
    const session = await server.session(0)
    await session.request('exec')
    session.send({ type: 'success' })
    ssh.child.stdin.end(input)
    await session.message(({ type }) => type === 'eof')
    expect(digest(session.data())).toBe(digest(input))
    for (let at = 0; at < input.length; at += 32_768) {
      session.send({ type: 'data', bytes: input.subarray(at, at + 32_768) })
    }
    finish(session, 0)
    expect(await ssh.ended).toBe(0)
    expect(digest(ssh.stdout())).toBe(digest(input))
  })

  it.each(['no', 'yes'])(
    'goes on after key exchanges that the client starts, compression %s',
    async (compression) => {
      const options = ['-o', 'RekeyLimit=1M', '-o', `Compression=${compression}`]
      const ssh = openSsh(server.port, 'head', '-n', ...options)
      const session = await server.session(0)
      let handshakes = 0
      server.connections[0]?.on('handshake', () => (handshakes += 1))
      await session.request('exec')
      session.send({ type: 'success' })
      const output = randomBytes(6_000_000)
      await sendAll(session, output)
      finish(session, 3)
      expect(await ssh.ended).toBe(3)
      expect(digest(ssh.stdout())).toBe(digest(output))
      // How many the client starts is its own affair; one in the middle is what this is about.
      expect(handshakes).toBeGreaterThanOrEqual(1)
      const changes = session.events.map(({ type }) => type).filter((type) => /block/.test(type))
      expect(changes.length).toBeGreaterThanOrEqual(2)
      expect(changes).toEqual(changes.map((_, index) => alternately[index % 2]))
    },
  )
})

const alternately = ['transport.blocked', 'transport.unblocked']

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function finish(session: Recorder, code: number): void {
  session.send(
    { type: 'request', request: { name: 'exit-status', code }, wantsReply: false },
    { type: 'eof' },
    { type: 'close' },
  )
}

/** Sends as a well-behaved channel does: within the window, and only while not blocked. */
async function sendAll(session: Recorder, bytes: Uint8Array): Promise<void> {
  const { remoteWindowBytes } = session.port.parameters
  let at = 0
  await new Promise<void>((resolve, reject) => {
    let windowBytes = remoteWindowBytes
    let isBlocked = false
    const subscription = session.port.event$.subscribe((event) => {
      if (event.type === 'transport.blocked') isBlocked = true
      if (event.type === 'transport.unblocked') isBlocked = false
      if (event.type === 'transport.lost') reject(new Error(event.reason))
      if (event.type === 'transport.messageReceived' && event.message.type === 'windowAdjust') {
        windowBytes += event.message.byteCount
      }
      push()
    })
    const push = (): void => {
      while (at < bytes.length && windowBytes > 0 && !isBlocked) {
        const byteCount = Math.min(32_768, windowBytes, bytes.length - at)
        windowBytes -= byteCount
        at += byteCount
        session.send({ type: 'data', bytes: bytes.subarray(at - byteCount, at) })
      }
      if (at < bytes.length) return
      queueMicrotask(() => subscription.unsubscribe())
      resolve()
    }
    push()
  })
}
