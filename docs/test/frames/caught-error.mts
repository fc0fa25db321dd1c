// Code that caught an error of Hawse.
import assert from 'node:assert/strict'
import { functionProcess } from '@hawse/core'

let error: unknown
try {
  functionProcess(() => 0, { maximumWaitingBytes: -1 })
} catch (caught) {
  error = caught
}
const printed: unknown[] = []
console.error = (line: unknown) => void printed.push(line)

// the block

assert.deepEqual(printed, ['maximumWaitingBytes is -1; give a number of bytes, 0 or more'])
