import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { runClient, startClient } from '../servers/run-client'
import { sshArguments, type ServerUnderTest } from '../servers/server-under-test'
import { digestLine, onTerminal, printing, upload } from './soak-programs'
import { sessionBoundMs, type SoakContext, type SoakSession } from './soak-session'

/** Sessions of the `ssh` program: a process of its own for each. */
export const clientSessions: readonly [SoakSession, ...SoakSession[]] = [
  { name: 'ssh with a command', run: runCommand },
  { name: 'ssh with an upload', run: runUpload },
  { name: 'ssh with a terminal', run: runTerminal },
  { name: 'ssh whose reader stops', run: runHead },
  { name: 'ssh killed with -9 while the program writes', run: killWhileWriting },
  { name: 'ssh killed with -9 while the program reads', run: killWhileReading },
]

async function runCommand({ server, random }: SoakContext): Promise<void> {
  const [{ command, output }, code] = [printing(random), random.integer(0, 254)]
  await requireSsh(server, [`${command}; exit ${code}`], { code, stdout: output })
}

async function runUpload({ server, random }: SoakContext): Promise<void> {
  const input = upload(random)
  await requireSsh(server, ['sha256sum'], { code: 0, stdout: digestLine(input), input })
}

async function runTerminal({ server, random }: SoakContext): Promise<void> {
  const [{ command, output }, code] = [printing(random), random.integer(0, 254)]
  const expected = { code, stdout: onTerminal(output), options: ['-tt'] }
  await requireSsh(server, [`${command}; exit ${code}`], expected)
}

async function runHead({ server, random }: SoakContext): Promise<void> {
  const child = startClient('ssh', sshArguments(server, ['exec yes']))
  const stdout = child.stdout as Readable
  await untilRead(stdout, random.byteCount())
  const ended = once(child, 'exit')
  stdout.destroy()
  await ended
}

async function killWhileWriting({ server, random }: SoakContext): Promise<void> {
  const program = random.pick(['exec yes', 'yes | cat', 'yes & yes >&2'])
  const child = startClient('ssh', sshArguments(server, [program]))
  child.stderr?.resume()
  await untilRead(child.stdout as Readable, random.byteCount())
  await killChild(child)
}

async function killWhileReading({ server, random }: SoakContext): Promise<void> {
  const command = random.pick(['echo ready; exec cat', 'echo ready; read line'])
  const child = startClient('ssh', sshArguments(server, [command]), { input: null })
  child.stderr?.resume()
  await untilRead(child.stdout as Readable, 1)
  await killChild(child)
}

interface ExpectedResult {
  readonly code: number
  readonly stdout: Buffer
  readonly input?: Buffer
  readonly options?: readonly string[]
}

async function requireSsh(
  server: ServerUnderTest,
  command: readonly string[],
  { code, stdout, input = Buffer.alloc(0), options = [] }: ExpectedResult,
): Promise<void> {
  const args = sshArguments(server, command, options)
  const result = await runClient('ssh', args, { input, timeoutMs: sessionBoundMs })
  if (result.code === code && result.stdout.equals(stdout)) return
  throw new Error(
    `ssh should end with ${code} and ${stdout.length} bytes, it ended with ` +
      `${String(result.code ?? result.signal)} and ${result.stdout.length}: ${result.stderr.toString()}`,
  )
}

/** Reads some bytes, at least one, and leaves the rest unread. */
async function untilRead(stream: Readable, byteCount: number): Promise<void> {
  let readBytes = 0
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    readBytes += (chunk as Buffer).length
    if (readBytes >= byteCount) return
  }
  throw new Error(`ssh ended after ${readBytes} bytes`)
}

async function killChild(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  child.stdout?.destroy()
}
