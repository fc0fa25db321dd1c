// A channel whose user was granted a program, and the program.
import assert from 'node:assert/strict'
import { childProcess } from '@hawse/adapter-node-child'
import { memoryChannelPair } from '@hawse/core/testing'

const { server: channel, client } = memoryChannelPair()
const requests: string[] = []
client.event$.subscribe((event) => {
  if (event.type === 'channel.requested') requests.push(event.request.name)
  if (event.type === 'channel.closeReceived') client.perform({ type: 'channel.close' })
})
const process = childProcess(['/bin/sh', '-c', 'exit 3'])

// the block

assert.deepEqual(exit, { kind: 'exited', code: 3 })
assert.deepEqual(requests, ['exit-status'])
