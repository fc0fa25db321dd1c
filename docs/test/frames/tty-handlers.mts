// What a server runs on Node's streams of a terminal; somebody types a name.
import assert from 'node:assert/strict'
import { createInterface } from 'node:readline/promises'
import { handler, run } from '@hawse/core'
import { sessionInMemory } from '@hawse/core/testing'
import { asTty } from '@hawse/node-tty'

const handlers = {
  // the block
}

const terminal = sessionInMemory(handlers, { shell: true, pty: {} })
const { stdout } = await run(terminal, { input: 'Ada\r' })
assert.match(stdout, /Who is it\? [^]*hello Ada\r\n$/)
