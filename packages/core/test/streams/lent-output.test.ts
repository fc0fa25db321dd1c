import { describe, expect, it } from '@jest/globals'
import {
  createEventSource,
  runSession,
  type ProcessEvent,
  type ProcessPort,
  type SessionOptions,
} from '../../src/index'
import { memoryTransportPair, type MemoryTransportOptions } from '../../src/testing'
import { channelOverTransport } from '../../src/streams/channel-over-transport'

describe('output that is only lent', () => {
  it.each([
    ['a wide window', 2 ** 21],
    ['a window of 3 bytes', 3],
    ['no window', 0],
  ])('reaches a client with %s as it was written', (_, remoteWindowBytes) => {
    const world = start({ parameters: { remoteWindowBytes } })
    for (const text of texts) world.print(text)
    world.client.inject({ type: 'windowAdjust', byteCount: 1_000_000 })
    expect(world.received()).toBe(texts.join(''))
  })

  it('reaches a client behind a transport that was blocked as it was written', () => {
    const world = start({})
    world.print('before ')
    world.server.block()
    for (const text of texts) world.print(text)
    world.server.unblock()
    expect(world.received()).toBe(`before ${texts.join('')}`)
  })

  it('is asked for before the start, and not where a tap may keep what it sees', () => {
    expect(start({}).commands()).toEqual(['process.lendOutput', 'process.start'])
    const tapped = start({}, () => undefined)
    expect(tapped.commands()).toEqual(['process.start'])
  })

  it('is not needed of a port that throws at what it does not know', () => {
    const world = start({}, undefined, true)
    world.print('all the same')
    expect(world.received()).toBe('all the same')
  })
})

const texts = ['a', 'bc', '', 'def', 'x'.repeat(5000), 'ghij', 'y'.repeat(100_000), 'end']

/** A session of a program that overwrites the memory of its output as soon as it was told. */
function start(options: MemoryTransportOptions, tap?: SessionOptions['tap'], isStrict = false) {
  const [server, client] = memoryTransportPair(options)
  const received: Uint8Array[] = []
  client.event$.subscribe((event) => {
    if (event.type !== 'transport.messageReceived' || event.message.type !== 'data') return
    received.push(event.message.bytes)
  })
  const process = lendingProcess(isStrict)
  runSession(
    channelOverTransport(server),
    { exec: () => process },
    tap === undefined ? {} : { tap },
  )
  const request = { name: 'exec', command: 'x', commandBytes: Uint8Array.of(120) } as const
  client.inject({ type: 'request', request, wantsReply: true })
  return {
    server,
    client,
    print: process.print,
    commands: () => process.commands,
    received: () => received.map((bytes) => new TextDecoder().decode(bytes)).join(''),
  }
}

interface LendingProcess extends ProcessPort {
  readonly commands: readonly string[]
  readonly print: (text: string) => void
}

function lendingProcess(isStrict: boolean): LendingProcess {
  const source = createEventSource<ProcessEvent>()
  const commands: string[] = []
  const memory = Buffer.alloc(200_000)
  return {
    event$: source.event$,
    commands,
    perform: ({ type }) => {
      if (isStrict && type === 'process.lendOutput') throw new Error(`unknown: ${type}`)
      commands.push(type)
      if (type !== 'process.start') return
      source.emit({ type: 'process.started', outputs: ['stdout', 'stderr'], isTerminal: false })
    },
    print: (text) => {
      const { written } = new TextEncoder().encodeInto(text, memory)
      source.emit({ type: 'process.output', output: 'stdout', bytes: memory.subarray(0, written) })
      memory.fill(0)
    },
  }
}
