import { afterAll, beforeAll, describe } from '@jest/globals'
import { itUnless } from '@hawse/conformance'
import type { ProcessPort, RemoteProgramOptions } from '@hawse/core'
import { describeProcessPort, describeRun } from '@hawse/port-conformance'
import type { Client } from 'ssh2'
import { remoteProcess } from '../../src/index'
import { ssh2Versions } from '../support/ssh2-versions'
import { commandLine, connectClient, remoteServers, type RemoteServer } from './remote-servers'

/** The first of them; the others run `remote-process.test.ts`. */
const [{ ssh2 } = unreachable()] = ssh2Versions()

const terminal = { isTerminal: true, hasPipes: false }
const pipes = { isTerminal: false, hasPipes: true }
const remote = { isRemote: true, canReportStartFailure: false }

for (const { name, missing, missingTerminal, start } of remoteServers) {
  const reason = missing()
  if (reason === undefined) describe(`on ${name}`, () => describeRemote(start, missingTerminal()))
  else itUnless(reason, `remote processes on ${name}`, () => Promise.resolve())
}

function describeRemote(
  start: () => Promise<RemoteServer>,
  terminalReason: string | undefined,
): void {
  let server: RemoteServer | undefined
  let client: Client | undefined
  beforeAll(async () => {
    server = await start()
    client = await connectClient(ssh2, server)
  })
  afterAll(async () => {
    client?.end()
    await server?.stop()
  })
  const make =
    (options: Omit<RemoteProgramOptions, 'command'>) =>
    (argv: readonly string[]): ProcessPort => {
      if (client === undefined) throw new Error('the client is not there: see beforeAll')
      return remoteProcess(client, { command: commandLine(argv), ...options })
    }
  const [plain, onTerminal] = [make({}), make({ pty: {} })]
  describeProcessPort('remoteProcess', plain, { ...pipes, ...remote })
  describeRun('remoteProcess', plain, { ...pipes, ...remote })
  if (terminalReason !== undefined) {
    itUnless(terminalReason, 'remote processes on a terminal', () => Promise.resolve())
    return
  }
  describeProcessPort('remoteProcess with a terminal', onTerminal, { ...terminal, ...remote })
  describeRun('remoteProcess with a terminal', onTerminal, { ...terminal, ...remote })
}

function unreachable(): never {
  throw new Error('there is no ssh2')
}
