import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import {
  makeTemporaryFolder,
  sshArguments,
  waitUntil,
  type ReachableServer,
} from '@hawse/conformance/servers'

/**
 * One connection of OpenSSH's `ssh` that commands share: it is there before the first of them and after the last, so
 * that between two looks at the server nothing is measured but the commands.
 */
export interface SharedConnection {
  /** Starts a command line of the shell in which `"$@"` is `ssh` with the command. */
  readonly start: (line: string, command: string) => ChildProcess
  /** Bytes that the connection's process has read, and those that it has written, so far. */
  readonly movedBytes: () => MovedBytes
  readonly close: () => Promise<void>
}

/** What a client has moved, on its connection and on its outputs. */
export interface MovedBytes {
  readonly readBytes: number
  readonly writtenBytes: number
}

/** The cipher that is fast everywhere; Conch has only the second. */
const ciphers = 'aes128-gcm@openssh.com,aes128-ctr'

/** Logs in, and keeps the connection until it is closed. */
export async function openSharedConnection(server: ReachableServer): Promise<SharedConnection> {
  const folder = await makeTemporaryFolder()
  const socket = folder.file('control')
  const options = ['-c', ciphers, '-o', 'Compression=no', '-S', socket]
  const args = sshArguments(server, [], [...options, '-M', '-N', '-T'])
  const master = spawn('ssh', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const close = async (): Promise<void> => {
    const ended = once(master, 'exit')
    // A SIGTERM that comes just before `ssh` waits is noticed only when something else wakes it.
    if (!hasEnded(master) && master.kill('SIGKILL')) await ended
    await folder.remove()
  }
  await untilLoggedIn(master, socket).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    start: (line, command) =>
      spawn('sh', ['-c', line, 'sh', 'ssh', ...sshArguments(server, [command], options)]),
    movedBytes: () => readMovedBytes(master.pid ?? 0),
    close,
  }
}

/** The socket for the commands is there once the login is through. */
async function untilLoggedIn(master: ChildProcess, socket: string): Promise<void> {
  await waitUntil(
    () => existsSync(socket) || hasEnded(master),
    () => 'ssh should log in',
  )
  if (hasEnded(master)) throw new Error('ssh did not log in')
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function readMovedBytes(processId: number): MovedBytes {
  const text = readFileSync(`/proc/${processId}/io`, 'latin1')
  const field = (name: string): number =>
    Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1])
  return { readBytes: field('rchar'), writtenBytes: field('wchar') }
}
