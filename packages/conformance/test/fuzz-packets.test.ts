import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from '@hawse/port-conformance'
import { mutateBytes, mutateSession, type SessionWrites } from '../src/fuzz/mutate-session'
import { randomFrom } from '../src/fuzz/random'
import { firstChannel, sendGarbage, sendUnsealed, sendWrites } from '../src/fuzz/send-writes'
import { sessionRecordings } from '../src/fuzz/session-recordings'
import { descendantsOf } from '../src/peers/processes'
import { startExampleSshd } from '../src/servers/example-sshd'
import type { ServerUnderTest } from '../src/servers/server-under-test'
import { connectRaw } from '../src/wire/raw-client'
import type { RawChannel } from '../src/wire/raw-channel'
import { data, eof, exec } from '../src/wire/raw-messages'
import { startProgram } from '../src/wire/start-program'

const multiple = Number(process.env['HAWSE_FUZZ_RUNS'] ?? 1)
const sessionCount = 150 * multiple
const garbageCount = 40 * multiple
const firstSeed = Number(process.env['HAWSE_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** Never shorter than what a slow machine needs for the short run. */
const boundMs = 300_000 * multiple

describe('the example server given mutated sessions', () => {
  let server: ServerUnderTest
  let processId: number
  let honest: RawChannel
  let lines = 0

  /** An honest client on a connection of its own; what it gets back is compared at the end, byte by byte. */
  const echoLine = async (): Promise<void> => {
    lines += 1
    honest.send(data(`line ${lines}\n`))
    await honest.untilOutput(`line ${lines}\n`)
  }
  const fuzz = async (count: number, run: (seed: number) => Promise<unknown>): Promise<void> => {
    for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
      try {
        await run(seed)
        await echoLine()
      } catch (error) {
        const what = `with HAWSE_FUZZ_SEED=${seed}: ${String(error)}; it logged ${tail(server)}`
        throw new Error(what, { cause: error })
      }
    }
  }

  beforeAll(async () => {
    server = await startExampleSshd({ args: ['--on-disconnect', 'terminate'] })
    const client = await connectRaw(server)
    const asking = await client.openSession()
    asking.send(exec('echo $PPID'))
    await asking.untilReceived('CLOSE')
    processId = Number(asking.stdout)
    honest = await startProgram(client, 'cat')
  })
  afterAll(async () => {
    await server.stop()
  })

  it(
    'answers each session or ends its connection, serves others, and keeps nothing',
    async () => {
      const before = await held(processId)
      await fuzz(sessionCount, (seed) => sendWrites(server, sessionOf(seed)))
      await expectHeld(processId, before)
    },
    boundMs,
  )

  it.each(corpus())('still stands %s', async (_file, writes) => {
    const before = await held(processId)
    await sendWrites(server, writes)
    await echoLine()
    await expectHeld(processId, before)
  })

  it(
    'ends connections of garbage: before the ident, after it, and after the keys',
    async () => {
      const before = await held(processId)
      await fuzz(garbageCount, (seed) => sendAnyGarbage(server, seed))
      await expectHeld(processId, before)
    },
    boundMs,
  )

  it('gave the honest client all that it sent, and nothing else', async () => {
    honest.send(eof)
    await honest.untilReceived('CLOSE')
    const sent = Array.from({ length: lines }, (_, index) => `line ${index + 1}\n`).join('')
    expect(honest.stdout.toString()).toBe(`ready\n${sent}`)
    expect(honest.exitCode).toBe(0)
  })
})

function sessionOf(seed: number): SessionWrites {
  return mutateSession(sessionRecordings(firstChannel), randomFrom(seed))
}

function sendAnyGarbage(server: ServerUnderTest, seed: number): Promise<void> {
  const random = randomFrom(seed)
  const bytes = random.bytes(1 + random.below(300))
  const ident = Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')
  switch (random.below(3)) {
    case 0:
      return sendGarbage(server, mutateBytes(ident, random))
    case 1:
      return sendGarbage(server, Buffer.concat([ident, bytes]))
    default:
      return sendUnsealed(server, bytes)
  }
}

/** Sessions that once did harm: a list of TCP writes each, which are lists of payloads in hexadecimal digits. */
function corpus(): [string, SessionWrites][] {
  const folder = join(__dirname, 'fuzz-corpus')
  return readdirSync(folder).map((name) => {
    const writes = JSON.parse(readFileSync(join(folder, name), 'utf8')) as string[][]
    return [name, writes.map((payloads) => payloads.map((digits) => Buffer.from(digits, 'hex')))]
  })
}

interface Held {
  readonly descriptors: number
  readonly children: number
}

/** What a server has; zombies count as children. */
function heldNow(processId: number): Held {
  return {
    descriptors: readdirSync(`/proc/${processId}/fd`).length,
    children: descendantsOf(processId).length,
  }
}

/** What it has once it has been still for ten looks. */
async function held(processId: number): Promise<Held> {
  let last = heldNow(processId)
  let stillCount = 0
  await waitUntil(
    () => {
      const now = heldNow(processId)
      const isStill = now.descriptors === last.descriptors && now.children === last.children
      stillCount = isStill ? stillCount + 1 : 0
      last = now
      return stillCount >= 10
    },
    () => 'the server should come to rest',
  )
  return last
}

async function expectHeld(processId: number, before: Held): Promise<void> {
  await waitUntil(
    () => {
      const now = heldNow(processId)
      return now.descriptors <= before.descriptors && now.children <= before.children
    },
    () => `the server had ${JSON.stringify(before)}, and has ${JSON.stringify(heldNow(processId))}`,
  )
}

function tail(server: ServerUnderTest): string {
  return server.log().split('\n').slice(-10).join('\n')
}
