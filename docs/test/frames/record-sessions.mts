// Sessions of a server are recorded; somebody asks for a program on one.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { handler, run, runSession } from '@hawse/core'
import { memoryChannelPair } from '@hawse/core/testing'
import { toFile } from '@hawse/node-streams'
import { decorateHandlers, record } from '@hawse/session-tools'
import { userOf } from '../channel-user.mjs'

const { server: channel, client } = memoryChannelPair()
const id = 'session'
const handlers = { exec: handler(({ stdout }) => stdout.write('hello')) }
const seen = run(userOf(client, { command: 'greet' }))

// the block

assert.equal((await seen).stdout, 'hello')
process.on('exit', () => assert.match(readFileSync('session.cast', 'utf8'), /"hello"/))
