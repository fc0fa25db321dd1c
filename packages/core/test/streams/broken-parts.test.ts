import { describe, expect, it } from '@jest/globals'
import type { ChannelPort } from '../../src/ports/channel-port'
import type { ProcessCommand } from '../../src/ports/process-port'
import { bridge } from '../../src/streams/bridge'
import { runSession } from '../../src/streams/run-session'
import { memoryChannelPair } from '../../src/testing/memory-channel'
import { scriptedProcess, type ScriptedProcess } from '../../src/testing/scripted-process'
import { runningBench, settled } from './test-bench'
import { execRequest, testClient } from './test-client'

/** A process whose port throws at one command. */
function throwingAt(type: ProcessCommand['type']): ScriptedProcess {
  const process = scriptedProcess()
  const perform = (command: ProcessCommand): void => {
    if (command.type === type) throw new Error('port is broken')
    process.perform(command)
  }
  return { ...process, perform }
}

describe('what breaks ends its session and nothing else', () => {
  it('row 28: a tap that always throws is called no more, and the session ends', async () => {
    let calls = 0
    const bench = runningBench({
      session: {
        tap: () => {
          calls += 1
          // Bounded, so that a session that goes on calling it fails this test instead of hanging it.
          if (calls < 1000) throw new Error('disk full')
        },
      },
    })
    const outcome = await bench.session.outcome
    expect(calls).toBe(1)
    expect(outcome.endedBy).toBe('failed')
    expect(outcome.reason).toBe('the tap failed: disk full')
  })

  it('row 28: a tap that breaks while the program runs has the process hung up, and reported', async () => {
    const bench = runningBench({
      session: {
        tap: ({ event }) => {
          if (event.type === 'process.output') throw new Error('disk full')
        },
      },
    })
    bench.process.print('out')
    expect(bench.asked()).toEqual(['start', 'signal HUP'])
    bench.process.exit('HUP')
    bench.process.endOutputs()
    const outcome = await bench.session.outcome
    expect(outcome).toMatchObject({ endedBy: 'failed', exit: { kind: 'signaled', signal: 'HUP' } })
    expect(bench.client.stdout()).toBe('out')
    expect(bench.client.stderr()).toBe('the tap failed: disk full\n')
  })

  it('row 6: a process port that throws at start is a start failure, exit status 254', async () => {
    const bench = runningBench({ process: throwingAt('process.start') })
    const outcome = await bench.session.outcome
    expect(bench.client.requests).toEqual([{ name: 'exit-status', code: 254 }])
    expect(outcome.endedBy).toBe('failed')
  })

  it('row 28: a process port that throws while running ends the session, its exit unreported', async () => {
    const bench = runningBench({ process: throwingAt('process.write') })
    bench.client.send('input')
    const outcome = await bench.session.outcome
    expect(outcome.exit).toMatchObject({ kind: 'unreported' })
    expect(bench.client.requests).toEqual([])
    expect(bench.client.has('channel.closed')).toBe(true)
  })

  it('row 28: a channel port that throws is a lost connection: the process is let go', async () => {
    const process = scriptedProcess()
    const pair = memoryChannelPair()
    const channel: ChannelPort = {
      ...pair.server,
      perform: (command) => {
        if (command.type === 'channel.sendData') throw new Error('socket is gone')
        pair.server.perform(command)
      },
    }
    const session = runSession(channel, { exec: () => process })
    testClient(pair.client).request(execRequest('yes'))
    process.print('y')
    expect(process.commands.map(({ type }) => type)).toContain('process.disconnect')
    process.exit('PIPE')
    const outcome = await session.outcome
    expect(outcome).toMatchObject({
      endedBy: 'connectionLost',
      reason: 'the channel port failed: socket is gone',
    })
  })

  it('row 26: a bridge whose start throws shows it to the client, and the outcome says failed', async () => {
    const pair = memoryChannelPair()
    const session = bridge(pair.server, () => {
      throw new Error('no disk')
    })
    const client = testClient(pair.client)
    const outcome = await session.outcome
    expect(outcome).toMatchObject({ endedBy: 'failed', exit: null })
    expect(outcome.reason).toBe('the program could not be started: no disk')
    expect(client.stderr()).toBe(`${outcome.reason}\n`)
  })

  it('row 5: a bridge delivers what came before the process was there', async () => {
    const pair = memoryChannelPair()
    const process = scriptedProcess()
    const session = bridge(pair.server, () => Promise.resolve(process))
    const client = testClient(pair.client)
    client.send('early')
    client.eof()
    await settled()
    expect(process.commands.map(({ type }) => type)).toEqual([
      'process.start',
      'process.write',
      'process.closeInput',
    ])
    process.exit(0)
    process.endOutputs()
    expect(await session.outcome).toMatchObject({ endedBy: 'process' })
  })

  it('row 23: a bridge starts nothing for a client that has gone meanwhile', async () => {
    const pair = memoryChannelPair()
    const process = scriptedProcess()
    const session = bridge(pair.server, () => Promise.resolve(process))
    testClient(pair.client).close()
    await settled()
    expect(process.commands).toEqual([])
    expect(await session.outcome).toMatchObject({ endedBy: 'peerClose', exit: null })
  })
})
