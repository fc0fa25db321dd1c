// What a server runs: the block is a member of it. Whatever it has is asked for.
import assert from 'node:assert/strict'
import { childProcess } from '@hawse/adapter-node-child'
import { ptyProcess } from '@hawse/adapter-node-pty'
import { handler, run, type SessionHandlers } from '@hawse/core'
import { cooked } from '@hawse/node-tty'
import { sessionInMemory } from '@hawse/core/testing'

const handlers: SessionHandlers = {
  // the block
}

const options = { shouldReject: false, input: 'tty\nexit 3\nexit\n' }
if (handlers.exec !== undefined) {
  const { stdout } = await run(sessionInMemory(handlers, { command: 'echo hello' }), options)
  assert.match(stdout, /hello\n$/)
}
if (handlers.shell !== undefined) {
  const { stdout, outcome } = await run(
    sessionInMemory(handlers, { shell: true, pty: {} }),
    options,
  )
  assert.match(stdout, /\/dev\/pts\/\d+\r\n|you said tty\r\n/)
  assert.deepEqual(outcome, { kind: 'exited', code: 3 })
}
