import { createRequire } from 'node:module'
import { describe, expect, it } from '@jest/globals'
import type { NodePty, NodePtyTerminal } from '../src/index'
import { eventTypes, prepareTerminal, runInTerminal } from './support/terminal-run'

const real = createRequire(__filename)('@lydell/node-pty') as NodePty

describe('node-pty', () => {
  it('can be given by option', async () => {
    let openCount = 0
    const terminals: NodePty = {
      open: (options) => {
        openCount += 1
        return real.open(options)
      },
    }
    const run = runInTerminal(['echo', 'hi'], { terminals })
    await run.over()
    expect(run.text()).toBe('hi\r\n')
    expect(openCount).toBe(1)
  })

  it('is not touched before the start', () => {
    const terminals: NodePty = {
      open: () => {
        throw new Error('opened')
      },
    }
    const run = prepareTerminal(['echo'], { terminals })
    run.perform({
      type: 'process.resize',
      size: { columns: 1, rows: 1, widthPixels: 0, heightPixels: 0 },
    })
    run.perform({ type: 'process.pauseOutput' })
    run.perform({ type: 'process.signal', signal: 'TERM' })
    run.type('x')
    expect(run.events).toEqual([])
  })

  it('that lacks a member fails the start with the name of the member', async () => {
    const terminals: NodePty = { open: (options) => without(real.open(options), 'ptsName') }
    const run = runInTerminal(['echo', 'hi'], { terminals })
    expect(await run.over()).toMatchObject([
      {
        type: 'process.startFailed',
        failure: 'failed',
        message: expect.stringContaining('without ptsName'),
      },
    ])
  })

  it('that has no terminal left fails the start for lack of resources', async () => {
    const terminals: NodePty = {
      open: () => {
        throw new Error('openpty(3) failed.')
      },
    }
    const run = runInTerminal(['echo', 'hi'], { terminals })
    expect(await run.over()).toMatchObject([
      { type: 'process.startFailed', failure: 'noResources' },
    ])
  })

  it('whose terminal cannot be taken by the program fails the start', async () => {
    const run = runInTerminal(['echo', 'hi'], { terminals: { open: renamedAfterOpening } })
    expect(await run.over()).toMatchObject([
      {
        type: 'process.startFailed',
        failure: 'failed',
        message: expect.stringContaining('the terminal could not be taken'),
      },
    ])
  })

  it('that refuses a size does not disturb the program', async () => {
    const open: NodePty['open'] = (options) => {
      const terminal = real.open(options)
      return Object.assign(terminal, {
        resize: () => {
          throw new Error('ioctl(2) failed')
        },
      })
    }
    const run = runInTerminal(['echo', 'hi'], { terminals: { open } })
    await run.over()
    expect(eventTypes(run.events).at(-1)).toBe('process.outputEnded')
    expect(run.text()).toBe('hi\r\n')
  })
})

function without(terminal: NodePtyTerminal, member: keyof NodePtyTerminal): NodePtyTerminal {
  return Object.defineProperty(terminal, member, { value: undefined })
}

/** The name is right while we open the slave, and that of no terminal when the program does. */
function renamedAfterOpening(options: Parameters<NodePty['open']>[0]): NodePtyTerminal {
  const terminal = real.open(options)
  const { ptsName } = terminal
  let readCount = 0
  return Object.defineProperty(terminal, 'ptsName', {
    get: () => {
      readCount += 1
      return readCount <= 3 ? ptsName : '/dev/pts/none/such'
    },
  })
}
