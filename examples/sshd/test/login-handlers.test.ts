import { describe, expect, it } from '@jest/globals'
import type { ExecRequest, HandlerRequest, ProcessPort, Refusal } from '@hawse/core'
import { join } from 'node:path'
import { currentAccount } from '../src/account'
import { loginHandlers } from '../src/login-handlers'
import { temporaryFolder, writeFile } from './temporary-folder'

const folder = temporaryFolder()
const account = { ...currentAccount('/bin/sh'), home: folder }
const handlers = loginHandlers({ account, forceCommand: undefined, subsystems: new Map() })
function request(): HandlerRequest {
  return {
    env: { LANG: 'C', PATH: '/nowhere' },
    pty: undefined,
    x11: undefined,
    hasAgentForwarding: false,
    host: { family: 'IPv4', address: '192.0.2.1', port: 22 },
    peer: { family: 'IPv4', address: '192.0.2.2', port: 40000 },
    signal: new AbortController().signal,
  }
}

function exec(command: string): ExecRequest {
  return { ...request(), command, commandBytes: Buffer.from(command) }
}

/** What a process that a handler gave prints on each output, from start to end. */
async function outputsOf(decision: unknown): Promise<{ stdout: string; stderr: string }> {
  const process = (await decision) as ProcessPort
  const outputs = { stdout: '', stderr: '' }
  await new Promise<void>((complete, fail) => {
    process.event$.subscribe({
      next: (event) => {
        if (event.type === 'process.output') {
          outputs[event.output] += Buffer.from(event.bytes).toString()
        }
        if (event.type === 'process.startFailed') fail(new Error(event.message))
      },
      complete,
    })
    process.perform({ type: 'process.start' })
    process.perform({ type: 'process.closeInput' })
  })
  return outputs
}

describe('loginHandlers', () => {
  it('runs a command in the home folder, and says nothing of its own', async () => {
    const outputs = await outputsOf(handlers.exec?.(exec('pwd; echo "$0"')))
    expect(outputs).toEqual({ stdout: `${folder}\nsh\n`, stderr: '' })
  })

  it('gives the environment of sshd, over what the client sent, and nothing of its own', async () => {
    const { stdout } = await outputsOf(handlers.exec?.(exec('exec env')))
    const variables = stdout.split('\n').filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=|^$/.test(line))
    expect(variables.sort()).toEqual(
      [
        'LANG=C',
        `USER=${account.user}`,
        `LOGNAME=${account.user}`,
        `HOME=${folder}`,
        `PATH=${account.path}`,
        'SHELL=/bin/sh',
        `MAIL=/var/mail/${account.user}`,
        'SSH_CLIENT=192.0.2.2 40000 22',
        'SSH_CONNECTION=192.0.2.2 40000 192.0.2.1 22',
      ].sort(),
    )
  })

  it.each([
    ['is not there', join(folder, 'none'), 'No such file or directory'],
    ['is no folder', writeFile(folder, 'file', ''), 'Not a directory'],
  ])('starts in / and says so where the home folder %s', async (_why, home, reason) => {
    const homeless = loginHandlers({
      account: { ...account, home },
      forceCommand: undefined,
      subsystems: new Map(),
    })
    const notice = `Could not chdir to home directory ${home}: ${reason}`
    expect(await outputsOf(homeless.exec?.(exec('pwd')))).toEqual({
      stdout: '/\n',
      stderr: `${notice}\n`,
    })
  })

  it('refuses a command with a NUL byte, and says why', async () => {
    const refusal = (await handlers.exec?.(exec('echo a\0b'))) as Refusal
    expect(refusal).toEqual({ isRefusal: true, reason: expect.stringContaining('NUL') })
  })

  it('serves the subsystems it is given, by the shell, and no others', async () => {
    const served = loginHandlers({
      account,
      forceCommand: undefined,
      subsystems: new Map([['both', 'echo one; echo two']]),
    })
    const handler = served.subsystem?.['both']
    const outputs = await outputsOf(handler?.({ ...request(), subsystem: 'both' }))
    expect(outputs.stdout).toBe('one\ntwo\n')
    expect(Object.keys(served.subsystem ?? {})).toEqual(['both'])
  })
})
