// A channel, and a user who says hello on it.
import assert from 'node:assert/strict'
import { of } from 'rxjs'
import { processOverChannel, remoteProgram, run } from '@hawse/core'
import { memoryChannelPair } from '@hawse/core/testing'

const { server: channel, client } = memoryChannelPair()
const user = processOverChannel(remoteProgram({ command: 'hello' }), () =>
  of({ type: 'opened', channel: client }),
)
const seen = run(user)

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
