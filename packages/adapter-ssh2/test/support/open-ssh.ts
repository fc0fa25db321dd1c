import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/** The ssh program of OpenSSH at work. */
export interface OpenSsh {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  /** Standard output so far. */
  stdout(): Buffer
  /** Standard error so far. */
  stderr(): string
  /** Its exit code, or the name of the signal that killed it. */
  readonly ended: Promise<number | string>
}

/** Runs `ssh <options> 127.0.0.1 <command>` against a port. */
export function openSsh(port: number, command: string, ...options: readonly string[]): OpenSsh {
  return watch(spawn('ssh', openSshArguments(port, command, options), { stdio: 'pipe' }))
}

/** Runs the same on a terminal of its own, whose modes it then sends. */
export function openSshOnTerminal(port: number, command: string, setUp: string): OpenSsh {
  const line = ['ssh', ...openSshArguments(port, command, ['-tt'])].map(quoted).join(' ')
  return watch(spawn('script', ['-qec', `${setUp}; exec ${line}`, '/dev/null'], { stdio: 'pipe' }))
}

function openSshArguments(
  port: number,
  command: string,
  options: readonly string[],
): readonly string[] {
  const settings = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'BatchMode=yes']
  const settingOptions = settings.flatMap((setting) => ['-o', setting])
  return ['-F', 'none', '-p', String(port), ...settingOptions, ...options, 'u@127.0.0.1', command]
}

function watch(child: ChildProcessByStdio<Writable, Readable, Readable>): OpenSsh {
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A client that is killed or refused leaves its input unread.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number | string>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
  return {
    child,
    stdout: () => Buffer.concat(stdout),
    stderr: () => Buffer.concat(stderr).toString(),
    ended,
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
