import { afterAll, beforeAll, describe, it } from '@jest/globals'
import { describeProcessPort } from '@hawse/port-conformance'
import type { ProcessPort } from '@hawse/core'
import type { Client } from 'ssh2'
import { remoteProcess, type RemoteProcessOptions } from '../../src/index'
import { ssh2Versions } from '../support/ssh2-versions'
import { commandLine, connectClient, remoteServers, type RemoteServer } from './remote-servers'

/** The first of them; the others run `remote-process.test.ts`. */
const [{ ssh2 } = unreachable()] = ssh2Versions()

const terminal = { isTerminal: true, hasPipes: false }
const pipes = { isTerminal: false, hasPipes: true }
const remote = { isRemote: true, canReportStartFailure: false }

for (const { name, missing, start } of remoteServers) {
  const reason = missing()
  if (reason === undefined) describe(`on ${name}`, () => describeRemote(start))
  else if (process.env['CI'] === 'true') it(`on ${name}`, () => Promise.reject(new Error(reason)))
  else it.skip(`remote processes on ${name} [${reason}]`, () => undefined)
}

function describeRemote(start: () => Promise<RemoteServer>): void {
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
    (options: Omit<RemoteProcessOptions, 'command'>) =>
    (argv: readonly string[]): ProcessPort => {
      if (client === undefined) throw new Error('the client is not there: see beforeAll')
      return remoteProcess(client, { command: commandLine(argv), ...options })
    }
  describeProcessPort('remoteProcess', make({}), { ...pipes, ...remote })
  describeProcessPort('remoteProcess with a terminal', make({ pty: {} }), {
    ...terminal,
    ...remote,
  })
}

function unreachable(): never {
  throw new Error('there is no ssh2')
}
