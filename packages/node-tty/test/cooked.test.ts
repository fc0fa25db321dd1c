import { describe, expect, it } from '@jest/globals'
import { waitUntil } from '@hawse/conformance'
import { cooked } from '../src/index'
import { terminalUser } from './terminal-user'

const repeat = cooked(async ({ stdin, stdout }) => {
  await stdout.write('say\n')
  for await (const line of stdin) await stdout.write(`said ${Buffer.from(line).toString()}`)
  return 5
})

describe('a cooked program', () => {
  it('reads lines that were corrected, which their user sees, until the end of input', async () => {
    const user = terminalUser(repeat)
    user.type('helo\x7flo\r')
    await user.untilShown('said hello\r\n')
    user.type('\x04')
    expect(await user.exit()).toEqual({ kind: 'exited', code: 5 })
    expect(user.screen()).toBe('say\r\nhelo\b \blo\r\nsaid hello\r\n')
  })

  it('is ended by Ctrl-C, or hears of it', async () => {
    const user = terminalUser(repeat)
    await user.untilShown('say')
    user.type('\x03')
    expect(await user.exit()).toMatchObject({ kind: 'signaled', signal: 'INT' })
    expect(user.screen()).toContain('^C')

    const hearing = terminalUser(
      cooked(
        ({ receivedSignal$ }) =>
          new Promise((resolve) => receivedSignal$.subscribe(() => resolve(7))),
      ),
    )
    hearing.type('\x03')
    expect(await hearing.exit()).toEqual({ kind: 'exited', code: 7 })
  })

  it('follows the modes of its user', async () => {
    const user = terminalUser(repeat, {
      // VERASE is @, no ECHO, no ONLCR: RFC 4254 section 8.
      modes: new Map([
        [3, 64],
        [53, 0],
        [72, 0],
      ]),
    })
    user.type('helo@lo\r')
    await user.untilShown('said hello\n')
    expect(user.screen()).toBe('say\nsaid hello\n')
  })

  it('is left alone without a terminal', async () => {
    const user = terminalUser(repeat, null)
    await user.untilShown('say')
    user.type('a\x7f')
    await user.untilShown('said a\x7f')
    expect(user.screen()).toBe('say\nsaid a\x7f')
    user.leave()
  })

  it('does not take what nobody reads: its user waits', async () => {
    const user = terminalUser(
      cooked(
        ({ signal }) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve(0))),
      ),
    )
    const line = `${'x'.repeat(99)}\r`
    for (let count = 0; count < 10_000; count += 1) user.type(line)
    await waitUntil(
      () => user.takenBytes() > 0,
      () => 'nothing was taken',
    )
    await giveOpportunity()
    // A remote process takes what is on its way, which is at most a window of 64 KiB in memory.
    expect(user.screen().length).toBeLessThan(100_000)
    user.leave()
  })

  it('echoes no more to a user who does not look, and reads on', async () => {
    const user = terminalUser(repeat)
    await user.untilShown('say')
    user.look(false)
    for (let count = 0; count < 300; count += 1) user.type(`${'x'.repeat(100)}\x15`)
    user.type('end\r')
    await waitUntil(
      () => user.takenBytes() === 30_304,
      () => `all should be taken, not ${user.takenBytes()}`,
    )
    user.look(true)
    await user.untilShown('said end')
    user.type('\x04')
    expect(await user.exit()).toEqual({ kind: 'exited', code: 5 })
  })

  it('ends when its user goes away', async () => {
    let lines = 0
    let isOver = false
    const user = terminalUser(
      cooked(async ({ stdin }) => {
        for await (const line of stdin) lines += line.length
        isOver = true
      }),
    )
    user.type('a\r')
    await user.untilShown('a\r\n')
    user.leave()
    await waitUntil(
      () => isOver,
      () => 'the program should learn that its user has gone',
    )
    expect(lines).toBe(2)
  })
})

/** Gives a wrong one time to go too far; a right one passes however long it is. */
function giveOpportunity(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100))
}
