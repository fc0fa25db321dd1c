import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const program = join(__dirname, '..', 'dist', 'main.js')

/** The example, running as its own process. */
export interface ExampleServer {
  /** Host and port it says it listens on. */
  readonly address: string
  /** The ssh command it printed. */
  readonly line: string
  /** What it logged so far. */
  log(): string
  kill(signal: NodeJS.Signals): void
  readonly processId: number
  /** Its exit code, or the signal that killed it, once it has ended. */
  readonly ended: Promise<number | string>
}

/** What a program printed, and how it ended. */
export interface Run {
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

/** Starts the example on a free port, with its keys in a folder of the test. */
export async function startExample(
  stateHome: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<ExampleServer> {
  const child = spawnExample(stateHome, ['--listen', '127.0.0.1:0', ...args], env)
  const ended = endOf(child)
  let stderr = ''
  child.stderr?.on('data', (text: string) => (stderr += text))
  const [first, line] = await firstLines(child, 2)
  if (first === undefined || line === undefined) throw new Error(`no start: ${stderr}`)
  return {
    address: first.replace('listening on ', ''),
    line,
    log: () => stderr,
    kill: (signal) => void child.kill(signal),
    processId: child.pid ?? 0,
    ended,
  }
}

/** Runs the example until it ends by itself. */
export async function runExample(stateHome: string, args: readonly string[]): Promise<Run> {
  return collect(spawnExample(stateHome, args))
}

/** Runs a line in a shell, with the given standard input. */
export async function runLine(line: string, input = '', env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const child = spawn('/bin/sh', ['-c', line], { env: { ...process.env, ...env } })
  child.stdin.on('error', () => undefined) // a program may end without reading it
  child.stdin.end(input)
  return collect(child)
}

/** Resolves with the output of a process so far once it contains a text; rejects if it ends first. */
export async function outputWith(child: ChildProcess, text: string): Promise<string> {
  let output = ''
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk)
    if (output.includes(text)) return output
  }
  throw new Error(`ended without ${text}: ${output}`)
}

function spawnExample(
  stateHome: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, XDG_STATE_HOME: stateHome, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  return child
}

async function collect(child: ChildProcess): Promise<Run> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  const code = await endOf(child)
  return { code, stdout, stderr }
}

async function endOf(child: ChildProcess): Promise<number | string> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return code ?? signal ?? 'unknown'
}

function firstLines(child: ChildProcess, count: number): Promise<readonly string[]> {
  return new Promise((resolve) => {
    let output = ''
    child.stdout?.on('data', (text: string) => {
      output += text
      const lines = output.split('\n')
      if (lines.length > count) resolve(lines)
    })
    child.once('close', () => resolve([]))
  })
}
