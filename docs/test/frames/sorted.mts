// A program that sorts two lines.
import assert from 'node:assert/strict'
import { childProcess } from '@hawse/adapter-node-child'
import { run } from '@hawse/core'

// the block

assert.equal(stdout, 'a\nb\n')
