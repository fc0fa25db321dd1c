import { spawn, type ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { outputWith, runLine, startExample, type ExampleServer } from './example-server'
import { temporaryFolder } from './temporary-folder'

const isLinux = process.platform === 'linux'

/** node-pty's masters are not close-on-exec: without care every later child could read and write every terminal. */
;(isLinux ? describe : describe.skip)('a program started while a terminal is open', () => {
  const folder = temporaryFolder()
  let server: ExampleServer
  let terminal: ChildProcess

  beforeAll(async () => {
    server = await startExample(folder)
    terminal = spawn('/bin/sh', ['-c', `exec ${server.line} -tt 'echo ready $$; exec sleep 600'`])
    const output = await outputWith(terminal, 'ready')
    // The terminal that is to be kept private is there, and open in the server.
    expect(output).toContain('ready')
  })

  afterAll(async () => {
    terminal.kill('SIGKILL')
    server.kill('SIGTERM')
    await server.ended
  })

  it('has no master of it among its descriptors, without a terminal of its own', async () => {
    const run = await runLine(`${server.line} 'ls -l /proc/self/fd'`)
    expect(run.stdout).toContain('pipe:')
    expect(run.stdout).not.toContain('ptmx')
  })

  it('has no master of it among its descriptors, on a terminal of its own', async () => {
    const run = await runLine(`${server.line} -tt 'ls -l /proc/self/fd'`)
    expect(run.stdout).toContain('/dev/pts/')
    expect(run.stdout).not.toContain('ptmx')
  })
})
