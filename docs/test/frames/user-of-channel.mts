// A channel, and a user who says hello on it.
import assert from 'node:assert/strict'
import { run } from '@hawse/core'
import { memoryChannelPair } from '@hawse/core/testing'
import { userOf } from '../channel-user.mjs'

const { server: channel, client } = memoryChannelPair()
const seen = run(userOf(client, { command: 'hello' }))

// the block

assert.equal((await seen).stdout, 'hello')
assert.deepEqual(
  { endedBy, exit, stdoutBytes: traffic.stdoutBytes },
  {
    endedBy: 'process',
    exit: { kind: 'exited', code: 0 },
    stdoutBytes: 5,
  },
)
