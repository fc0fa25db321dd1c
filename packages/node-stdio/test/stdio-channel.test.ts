import { PassThrough, Readable, Writable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { waitUntil } from '@hawse/conformance'
import { handler, refuse, runSession, type SessionHandlers } from '@hawse/core'
import { stdioChannel, type StdioChannelOptions } from '../src/index'

/** Most that is read of a stream before a program takes it: the window, and one piece of a stream. */
const inputBoundBytes = (128 + 64) * 1024

describe('a channel of standard streams', () => {
  it('gives the program its input, and the user its outputs', async () => {
    const seen = await runOn({ command: 'copy', stdin: Readable.from(['a', Buffer.from('b')]) })
    expect(seen).toMatchObject({ stdout: 'ab', stderr: 'copied\n', exit: { code: 3 } })
  })

  it('has no input where there is none', async () => {
    expect(await runOn({ command: 'copy', stdin: null })).toMatchObject({ stdout: '' })
  })

  it('asks for subsystems, and sends variables', async () => {
    const program = { subsystem: 'language', env: { LANG: 'de_CH' } }
    expect(await runOn({ ...program, stdin: null })).toMatchObject({ stdout: 'de_CH' })
  })

  it('shows why a program is refused, and goes', async () => {
    const seen = await runOn({ command: 'other', stdin: new PassThrough() })
    expect(seen).toMatchObject({ stderr: 'no program other here\n', exit: null })
  })

  it('counts input that came to its end, and failed, as ended', async () => {
    const ended = Readable.from([])
    await ended.forEach(() => undefined)
    expect(await runOn({ command: 'copy', stdin: ended })).toMatchObject({ stdout: '' })
    const failing = new Readable({ read: () => void failing.destroy(new Error('no such thing')) })
    expect(await runOn({ command: 'copy', stdin: failing })).toMatchObject({ stdout: '' })
  })

  it('reads no more than the program takes, and that before it is told to', async () => {
    let readBytes = 0
    const endless = new Readable({
      read: () => {
        readBytes += 16_384
        endless.push(Buffer.alloc(16_384))
      },
    })
    const { stop } = watch({ command: 'wait', stdin: endless })
    await waitUntil(
      () => readBytes > 100_000,
      () => `nothing was read but ${readBytes} bytes`,
    )
    await giveOpportunity()
    expect(readBytes).toBeLessThanOrEqual(inputBoundBytes + endless.readableHighWaterMark)
    await stop()
  })

  it('slows a program down whose output nobody takes', async () => {
    const slow = new Writable({ write: () => undefined })
    const { session, stop } = watch({ command: 'flood', stdin: null, stdout: slow })
    await waitUntil(
      () => slow.writableLength > 200_000,
      () => 'the program never wrote',
    )
    await giveOpportunity()
    expect(slow.writableLength).toBeLessThanOrEqual((256 + 64) * 1024)
    await stop()
    expect((await session.outcome).traffic.stdoutBytes).toBeGreaterThan(0)
  })

  it('ends a program whose reader has gone, and goes on to show its errors', async () => {
    const gone = new PassThrough()
    gone.destroy()
    const seen = await runOn({ command: 'flood', stdin: null, stdout: gone })
    expect(seen.exit).toMatchObject({ kind: 'signaled', signal: 'PIPE' })
  })

  it('leaves the streams open', async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    await runOn({ command: 'copy', stdin: Readable.from(['a']), stdout, stderr })
    expect([stdout.writable, stderr.writable]).toEqual([true, true])
    expect([stdout, stderr].map((stream) => stream.listenerCount('error'))).toEqual([0, 0])
    expect(process.listenerCount('SIGINT')).toBe(0)
  })

  it('rejects what is no program', () => {
    expect(() => stdioChannel({})).toThrow('0 of command, shell and subsystem')
    expect(process.listenerCount('SIGINT')).toBe(0)
  })
})

const programs: SessionHandlers = {
  exec: (request) => {
    if (request.command === 'other') return refuse('no program other here')
    return handler(async ({ command, stdin, stdout, stderr, signal }) => {
      if (command === 'wait')
        await new Promise((resolve) => signal.addEventListener('abort', resolve as () => void))
      while (command === 'flood') await stdout.write(Buffer.alloc(65_536))
      await stdout.write(await stdin.text())
      await stderr.write('copied\n')
      return 3
    })(request)
  },
  subsystem: { language: handler(({ stdout, env }) => stdout.write(env['LANG'] ?? '')) },
}

function watch(options: StdioChannelOptions) {
  const { stdout = new PassThrough(), stderr = new PassThrough() } = options
  const session = runSession(stdioChannel({ ...options, stdout, stderr }), programs)
  const stop = async (): Promise<void> => {
    await session.close()
  }
  return { session, stdout, stderr, stop }
}

async function runOn(options: StdioChannelOptions) {
  const { session, stdout, stderr } = watch(options)
  const { exit } = await session.outcome
  return { stdout: textIn(stdout), stderr: textIn(stderr), exit }
}

function textIn(stream: Writable): string {
  return stream instanceof PassThrough ? String((stream.read() as Buffer | null) ?? '') : ''
}

/** Gives a wrong one time to go too far; a right one passes however long it is. */
function giveOpportunity(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100))
}
