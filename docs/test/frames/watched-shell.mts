// Two users: one has a shell, the other may watch it.
import assert from 'node:assert/strict'
import { ptyProcess } from '@hawse/adapter-node-pty'
import { run, runSession } from '@hawse/core'
import { memoryChannelPair } from '@hawse/core/testing'
import { watchable } from '@hawse/session-tools'
import { userOf } from '../channel-user.mjs'

const [first, second] = [memoryChannelPair(), memoryChannelPair()]
const [channel, other] = [first.server, second.server]
const size = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 }
const pty = { term: 'xterm', size, modes: new Map() }
const watching = run(userOf(second.client, { command: 'watch' }))

// the block

await run(userOf(first.client, { shell: true, pty }), { input: 'echo $((40 + 2)); exit\n' })
assert.match((await watching).stdout, /^42\r$/m)
