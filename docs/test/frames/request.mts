// A request, and what reaches the client that made it.
import assert from 'node:assert/strict'
import { runSession, type ChannelRequest } from '@hawse/core'

const request: ChannelRequest = {
  name: 'exec',
  command: 'x',
  commandBytes: Buffer.from('x'),
}
const seen: string[] = []

// the block

process.endOutputs()
client.event$.subscribe((event) => seen.push(event.type))
assert.ok(seen.includes('channel.dataReceived'))
assert.ok(seen.includes('channel.closeReceived'))
