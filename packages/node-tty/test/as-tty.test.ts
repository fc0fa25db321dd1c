import { createInterface } from 'node:readline/promises'
import { describe, expect, it } from '@jest/globals'
import { waitUntil } from '@hawse/conformance'
import { asTty, type Tty } from '../src/index'
import { terminalUser } from './terminal-user'

describe('the terminal of a session as Node has its own', () => {
  it('gives lines until it is raw, and then keys', async () => {
    const user = terminalUser(async (context) => {
      const { stdin, stdout } = asTty(context)
      stdin.setEncoding('utf8')
      stdin.on('data', (text: string) => {
        stdout.write(`[${text.trimEnd()}]\n`)
        if (text === 'raw\n') stdin.setRawMode(true)
      })
      await new Promise((resolve) => stdin.on('data', (text) => text === 'q' && resolve(0)))
    })
    user.type('wrong\x15raw\r')
    await user.untilShown('[raw]\r\n')
    const before = user.screen().length
    user.type('a')
    await user.untilShown('[a]')
    user.type('\x03')
    await user.untilShown('[\x03]')
    user.type('q')
    expect(await user.exit()).toEqual({ kind: 'exited', code: 0 })
    expect(user.screen().slice(before)).toBe('[a]\r\n[\x03]\r\n[q]\r\n')
  })

  it('has readline edit lines', async () => {
    const user = terminalUser(async (context) => {
      const { stdin, stdout } = asTty(context)
      const lines = createInterface({ input: stdin, output: stdout })
      const name = await lines.question('Who is it? ')
      lines.close()
      stdout.write(`hello ${name}\n`)
      return 3
    })
    await user.untilShown('Who is it? ')
    // What Node makes of it on a terminal of the system.
    user.type('da\x1b[DA\x1b[D\x7fA\r')
    await user.untilShown('hello ')
    expect(await user.exit()).toEqual({ kind: 'exited', code: 3 })
    expect(user.screen()).toMatch(/hello aAA\r\n$/)
  })

  it('knows its size, and tells a new one', async () => {
    const size = { columns: 100, rows: 30, widthPixels: 0, heightPixels: 0 }
    const user = terminalUser(
      (context) =>
        new Promise((resolve) => {
          const { stdout } = asTty(context)
          stdout.write(stdout.getWindowSize().join(' '))
          stdout.on('resize', () => {
            stdout.write(`, ${stdout.columns} ${stdout.rows}`)
            if (stdout.columns === 50) resolve(0)
          })
        }),
      { size },
    )
    await user.untilShown('100 30')
    user.resize(100, 30)
    user.resize(0, 0)
    user.resize(120, 40)
    user.resize(50, 20)
    await user.exit()
    expect(user.screen()).toBe('100 30, 120 40, 50 20')
  })

  it('knows the colours of its user, not those of the server', async () => {
    const depths: number[] = []
    for (const term of ['dumb', 'xterm', 'xterm-256color']) {
      const user = terminalUser(
        (context) => {
          const { stdout } = asTty(context)
          depths.push(stdout.getColorDepth())
          stdout.write(String(stdout.hasColors(256)))
        },
        { term },
      )
      await user.exit()
    }
    expect(depths).toEqual([1, 4, 8])
  })

  it('writes all of it before the program ends, in order', async () => {
    const user = terminalUser((context) => {
      const { stdout } = asTty(context)
      for (let count = 0; count < 20_000; count += 1) stdout.write(`${count}\n`)
    })
    await user.exit()
    const lines = Array.from({ length: 20_000 }, (_, count) => `${count}\r\n`)
    await user.untilShown(lines.at(-1) ?? '')
    expect(user.screen()).toBe(lines.join(''))
  })

  it('asks a writer to wait for a user who does not read', async () => {
    let tty: Tty | undefined
    let drains = 0
    const user = terminalUser(async (context) => {
      tty = asTty(context)
      tty.stdout.on('drain', () => (drains += 1))
      const chunk = Buffer.alloc(10_000, 'x')
      for (let count = 0; count < 300; count += 1)
        if (!tty.stdout.write(chunk))
          await new Promise((resolve) => tty?.stdout.once('drain', resolve))
    })
    await user.exit()
    await waitUntil(
      () => user.screen().length === 3_000_000,
      () => `all should be shown, not ${user.screen().length} bytes`,
    )
    expect(drains).toBeGreaterThan(0)
    expect(tty?.stdout.listenerCount('drain')).toBe(1)
  })

  it('ends its streams when the user goes away', async () => {
    const closed: string[] = []
    const user = terminalUser(async (context) => {
      const { stdin, stdout } = asTty(context)
      stdin.on('close', () => closed.push('stdin'))
      stdout.on('close', () => closed.push('stdout'))
      stdout.write('ready')
      await stdin.forEach(() => undefined).catch(() => undefined)
    })
    await user.untilShown('ready')
    user.leave()
    await waitUntil(
      () => closed.length === 2,
      () => `both streams should close, not only ${closed.join()}`,
    )
  })

  it('is not to be had without a terminal', async () => {
    const user = terminalUser((context) => {
      expect(() => asTty(context)).toThrow('the client asked for no terminal')
      return 4
    }, null)
    expect(await user.exit()).toEqual({ kind: 'exited', code: 4 })
  })
})
