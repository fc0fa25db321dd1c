import { spawn, spawnSync } from 'node:child_process'
import { Socket } from 'node:net'
import { makeTemporaryFolder } from '@hawse/port-conformance'

/** Makes a program at a path, with a folder beside it for what the compiler keeps. */
export interface Compiler {
  readonly command: string
  readonly args: (output: string) => readonly string[]
  readonly environment: (cacheFolder: string) => Readonly<Record<string, string>>
}

const programs = new Map<Compiler, Promise<string>>()

/** The path of a program, compiled when it is first wanted and removed when this process ends. */
export function compiledProgram(compiler: Compiler): Promise<string> {
  const known = programs.get(compiler)
  if (known !== undefined) return known
  const program = compile(compiler)
  programs.set(compiler, program)
  return program
}

async function compile({ command, args, environment }: Compiler): Promise<string> {
  const folder = await makeTemporaryFolder()
  removeAtEnd(folder.path)
  const program = folder.file('program')
  const env = { ...process.env, ...environment(folder.file('cache')) }
  const { status, stderr } = spawnSync(command, [...args(program)], { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} did not compile the client: ${stderr}`)
  return program
}

/** Removes a folder when this process ends, however it ends: the end of a pipe tells another one that. */
function removeAtEnd(folder: string): void {
  const remover = spawn('sh', ['-c', 'cat; rm -rf "$1"', 'sh', folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  remover.unref()
  // The pipe of a child is a socket, which keeps this process alive as the child itself does.
  if (remover.stdin instanceof Socket) remover.stdin.unref()
}
