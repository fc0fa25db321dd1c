import { reasonOf, StartError } from '@hawse/example-kit'
import { fromFile } from '@hawse/node-streams'
import { accessSync, constants, readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { openCredentials } from './credentials'
import { interruptionBySignals } from './interruption'
import { helpText, parseOptions, type Options } from './options'
import { runEverywhere } from './run-everywhere'
import type { Work } from './run-on-host'
import { openScreen } from './screen'
import { hostsIn, parseTarget, type Target } from './target'

/** Does what the command line says, and ends the process with the exit code that stands for all hosts. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    process.exit(await codeFor(args))
  } catch (thrown) {
    process.stderr.write(`hawse-run: ${reasonOf(thrown)}\n`)
    process.exit(thrown instanceof StartError ? thrown.exitCode : 1)
  }
}

async function codeFor(args: readonly string[]): Promise<number> {
  const options = parseOptions(args.length === 0 ? ['--help'] : args)
  if (options.isHelp) {
    process.stdout.write(helpText)
    return 0
  }
  const targets = targetsOf(options, userInfo().username)
  const work = workOf(options, homedir())
  work.interruption.urgency$.subscribe((urgency) => {
    if (urgency === 3) process.exit(130)
  })
  return runEverywhere(targets, work, options.parallel, openScreen())
}

function targetsOf({ hosts, hostFiles, user }: Options, account: string): readonly Target[] {
  const labels = [...hosts, ...hostFiles.flatMap((file) => hostsIn(read(file)))]
  if (labels.length === 0) throw new StartError(`there is no host in ${hostFiles.join(', ')}`)
  return labels.map((label) => parseTarget(label, user ?? account))
}

function workOf(options: Options, home: string): Work {
  const { command, timeoutMs, inputFile, connectTimeoutMs, knownHostsFiles } = options
  if (inputFile !== undefined) requireReadable(inputFile)
  const credentials = openCredentials(
    options.identityFiles,
    process.env['SSH_AUTH_SOCK'] || undefined,
    home,
  )
  const usual = [join(home, '.ssh/known_hosts'), '/etc/ssh/ssh_known_hosts']
  return {
    command,
    timeoutMs,
    connect: {
      credentials,
      knownHostsFiles: knownHostsFiles.length > 0 ? knownHostsFiles : usual,
      timeoutMs: connectTimeoutMs,
    },
    input: inputFile === undefined ? undefined : () => fromFile(inputFile),
    interruption: interruptionBySignals(),
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new StartError(`${file} cannot be read: ${reasonOf(thrown)}`)
  }
}

/** Each host reads it anew, so it has to be a file. */
function requireReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK)
  } catch (thrown) {
    throw new StartError(`${file} cannot be read: ${reasonOf(thrown)}`)
  }
}
