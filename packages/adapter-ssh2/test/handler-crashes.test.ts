import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import {
  handler,
  runSession,
  type ChannelPort,
  type HandlerProgram,
  type ProcessCommand,
  type ProcessPort,
  type SessionHandlers,
  type SessionOptions,
  type SessionResult,
} from '@hawse/core'
import { scriptedProcess } from '@hawse/core/testing'
import { once } from 'node:events'
import { Observable, throwError } from 'rxjs'
import * as ssh2 from 'ssh2'
import { ssh2Sessions } from '../src'
import { openSsh } from './support/open-ssh'
import { startServer, type TestServer } from './support/test-server'
import { until } from './support/until'

/** How a crashing command behaves: what runs it, and under which options. */
interface Crash {
  readonly answer: () => unknown
  readonly options?: SessionOptions
}

const echo: HandlerProgram = async ({ stdin, stdout }) => {
  for await (const bytes of stdin) await stdout.write(bytes)
}

const bug = (): never => {
  throw new Error('bug')
}

/** The commands of broken processes, by their name. */
let asked: string[] = []

function brokenAt(type: ProcessCommand['type']): ProcessPort {
  const process = scriptedProcess()
  return {
    event$: process.event$,
    perform: (command) => {
      asked.push(command.type)
      if (command.type === type) bug()
      process.perform(command)
    },
  }
}

function brokenStream(): ProcessPort {
  const process = scriptedProcess()
  const event$ = new Observable<never>((subscriber) =>
    process.event$.subscribe((event) => {
      subscriber.next(event as never)
      if (event.type === 'process.started') throwError(() => new Error('bug')).subscribe(subscriber)
    }),
  )
  return { ...process, event$ }
}

const program = (run: HandlerProgram): Crash => ({
  answer: () => handler(run)({ command: 'crash' } as never),
})

/** What crashes, the exit code that OpenSSH's client ends with, and how the outcome tells. */
const crashes: Readonly<Record<string, readonly [Crash, number, SessionResult['endedBy']]>> = {
  'a handler that throws': [{ answer: bug }, 255, 'failed'],
  'a handler that rejects': [{ answer: () => Promise.reject(new Error('bug')) }, 255, 'failed'],
  'a handler that answers with garbage': [{ answer: () => Promise.resolve(7) }, 255, 'failed'],
  'a program that throws': [program(bug), 1, 'process'],
  'a program that throws after output': [
    program(async ({ stdout }) => {
      await stdout.write('before\n')
      bug()
    }),
    1,
    'process',
  ],
  'a program that returns garbage': [program(() => 'done' as never), 1, 'process'],
  'a process that throws at its start': [
    { answer: () => brokenAt('process.start') },
    254,
    'failed',
  ],
  'a process that throws at its input': [
    { answer: () => brokenAt('process.closeInput') },
    255,
    'process',
  ],
  'a process whose stream fails': [{ answer: brokenStream }, 255, 'process'],
  'a tap that throws': [
    {
      ...program(echo),
      options: {
        tap: ({ event }) => {
          if (event.type === 'process.started') bug()
        },
      },
    },
    255,
    'failed',
  ],
}

describe('what crashes in a handler', () => {
  let server: TestServer
  let client: ssh2.Client
  let beside: ssh2.ClientChannel
  let lines = ''
  const outcomes: SessionResult[] = []
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  let crash: Crash = { answer: bug }

  const serve = (channel: ChannelPort): void => {
    const handlers: SessionHandlers = {
      exec: (request) => {
        if (request.command === 'cat') return handler(echo)(request)
        return crash.answer() as never
      },
    }
    const options = { terminateDelayMs: 100, killDelayMs: 100, ...crash.options }
    const session = runSession(channel, handlers, options)
    void session.outcome.then((outcome) => outcomes.push(outcome))
  }

  /** A session of the same connection that goes on all the time. */
  const echoBeside = async (): Promise<void> => {
    const line = `line ${lines.length}\n`
    lines += line
    beside.write(line)
    await until('the echo', () => received === lines)
  }
  let received = ''

  beforeAll(async () => {
    process.on('unhandledRejection', note)
    server = await startServer({
      ssh2,
      onConnection: (connection) => ssh2Sessions(connection).subscribe(serve),
    })
    client = new ssh2.Client()
    // At the end of the tests the server goes first; before that, a lost connection fails the echo.
    client.on('error', () => undefined)
    client.connect({ host: '127.0.0.1', port: server.port, username: 'u', authHandler: ['none'] })
    await once(client, 'ready')
    crash = { answer: bug }
    beside = await execute(client, 'cat')
    beside.on('data', (chunk: Buffer) => (received += chunk.toString()))
  })
  afterAll(async () => {
    await server.close()
    process.off('unhandledRejection', note)
  })
  afterEach(async () => {
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled.splice(0)).toEqual([])
    asked = []
  })

  it.each(Object.entries(crashes))(
    'row 28: %s ends one session, with one report, and no other',
    async (_name, [next, code, endedBy]) => {
      crash = next
      outcomes.splice(0)
      const ssh = openSsh(server.port, 'crash')
      ssh.child.stdin.end()
      expect(await ssh.ended).toBe(code)
      const same = await execute(client, 'crash').catch(() => undefined)
      same?.resume()
      const reports: unknown[] = []
      same?.on('exit', (...report) => reports.push(report))
      same?.end()
      // A client that was refused may ask again: that session goes on.
      const count = same === undefined ? 1 : 2
      await until('the outcomes', () => outcomes.length === count)
      expect(outcomes.map((outcome) => outcome.endedBy)).toEqual(Array(count).fill(endedBy))
      expect(reports.length).toBeLessThanOrEqual(1)
      await echoBeside()
    },
  )

  it('row 28: a process whose port throws is freed and killed', async () => {
    crash = { answer: () => brokenAt('process.closeInput') }
    const ssh = openSsh(server.port, 'crash')
    ssh.child.stdin.end()
    await ssh.ended
    expect(asked.slice(-2)).toEqual(['process.disconnect', 'process.signal'])
    await echoBeside()
  })

  it('row 25: a handler that never decides is told that its client has gone, and holds nothing', async () => {
    outcomes.splice(0)
    let isAsked = false
    crash = {
      answer: () => {
        isAsked = true
        return new Promise(() => undefined)
      },
    }
    const ssh = openSsh(server.port, 'crash')
    await until('the decision', () => isAsked)
    ssh.child.kill('SIGKILL')
    await until('the outcome', () => outcomes.length === 1)
    expect(outcomes[0]).toMatchObject({ endedBy: 'connectionLost', exit: null })
    await echoBeside()
  })

  it('row 25: a program that never ends is ended by the policy when its client has gone', async () => {
    outcomes.splice(0)
    let hasStarted = false
    crash = {
      ...program(() => {
        hasStarted = true
        return new Promise(() => undefined)
      }),
      options: { onDisconnect: 'terminate' },
    }
    const ssh = openSsh(server.port, 'crash')
    await until('the start', () => hasStarted)
    ssh.child.kill('SIGKILL')
    await until('the outcome', () => outcomes.length === 1)
    expect(outcomes[0]).toMatchObject({
      endedBy: 'connectionLost',
      exit: { kind: 'signaled', signal: 'HUP' },
    })
    await echoBeside()
  })
})

function execute(client: ssh2.Client, command: string): Promise<ssh2.ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) =>
      error === undefined ? resolve(channel) : reject(error),
    )
  })
}
