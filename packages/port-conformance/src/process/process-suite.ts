import { afterEach, beforeEach } from '../test-framework'
import type { ProcessEvent, ProcessPort } from '@hawse/core'
import { makeTemporaryFolder, shareFolder, type TemporaryFolder } from '../temporary-folder'
import { probeProcess, releaseProbe, type ProcessProbe } from './process-probe'

/** What an adapter can do; what it cannot is asserted as such. */
export interface ProcessCapabilities {
  /** Programs sit on a terminal: one output, end of input reaches nothing, losing it hangs up. */
  readonly isTerminal: boolean
  /** Programs have pipes: a writer to a closed output dies of SIGPIPE, and `/dev/stdin` can be opened. */
  readonly hasPipes: boolean
  /** A program that cannot start is `process.startFailed`; otherwise it exits with 127 or 126. */
  readonly canReportStartFailure: boolean
  /**
   * Programs run on another host, by way of SSH: their numbers are not known, all outputs end as one, signals that
   * RFC 4254 does not name are told as its server likes, and commands that end the channel leave no trace of an exit.
   */
  readonly isRemote?: boolean
  /**
   * A process outlives the other end: after `process.disconnect`, or `process.closeOutput` of standard output, the port
   * ends with an outcome that nobody knows, and the process has noticed nothing.
   */
  readonly outlivesDisconnect?: boolean
}

/** A program and its arguments. */
export type Argv = readonly [string, ...string[]]

/** Makes a process port for a program with its arguments, not started. */
export type MakeProcess = (argv: Argv) => ProcessPort

/** What the tests of one adapter share. */
export interface ProcessSuite {
  readonly capabilities: ProcessCapabilities
  /** Makes a port for a program and watches it, without starting it. */
  readonly make: (argv: Argv, react?: (event: ProcessEvent) => void) => ProcessProbe
  /** Makes, watches and starts a shell script, on a terminal in raw mode, so that every byte is exact. */
  readonly run: (script: string, ...args: readonly string[]) => ProcessProbe
  /** The path of a file in a folder of this test. */
  readonly file: (name: string) => string
}

/** Prepares what the tests share, and frees after each test whatever it started. */
export function createProcessSuite(
  makeProcess: MakeProcess,
  capabilities: ProcessCapabilities,
): ProcessSuite {
  const probes: ProcessProbe[] = []
  let folder: TemporaryFolder | undefined
  beforeEach(async () => {
    folder = await makeTemporaryFolder()
    if (capabilities.isRemote === true) await shareFolder(folder)
  })
  afterEach(async () => {
    await Promise.all(probes.splice(0).map(releaseProbe))
    await folder?.remove()
  })
  const make: ProcessSuite['make'] = (argv, react) => {
    const probe = probeProcess(makeProcess(argv), react)
    probes.push(probe)
    return probe
  }
  return {
    capabilities,
    make,
    run: (script, ...args) => {
      const probe = make(scriptArguments(script, args, capabilities))
      probe.perform({ type: 'process.start' })
      return probe
    },
    file: (name) => folder?.file(name) ?? '',
  }
}

/** The argument vector of a shell script; a terminal is set raw and silent before the script runs. */
export function scriptArguments(
  script: string,
  args: readonly string[],
  capabilities: ProcessCapabilities,
): Argv {
  const prologue = capabilities.isTerminal ? 'stty raw -echo; ' : ''
  return ['/bin/sh', '-c', `${prologue}${script}`, 'sh', ...args]
}
