import {
  closeOnSignals,
  connectHost,
  formatListenAddress,
  openIdentity,
  runProgram,
  sshLine,
  stateFolderPath,
} from '@hawse/example-kit'
import { userInfo } from 'node:os'
import { helpText, parseOptions, type Options } from './options'

// What Ink draws is for the terminals of visitors; it asks what this process writes to, and where it runs.
process.env['FORCE_COLOR'] ??= '2'
delete process.env['CI']

runProgram('room', async (args) => {
  const options = parseOptions(args)
  if (options.isHelp) process.stdout.write(helpText)
  else await serve(options)
})

async function serve(options: Options): Promise<void> {
  const { username, uid, homedir: home } = userInfo()
  const stateFolder = stateFolderPath(process.env['XDG_STATE_HOME'], home, 'hawse-room')
  const identity = openIdentity(stateFolder, { uid, home }, options.hostKeyFiles)
  const { startRoomServer } = await import('./server')
  const server = await startRoomServer({ ...options, hostKeys: identity.hostKeys, log })
  closeOnSignals(() => server.close(), 0)
  const address = { ...server.address, host: connectHost(server.address.host) }
  const { knownHostsFile } = identity
  const line = sshLine({ ...address, user: username, knownHostsFile, clientKeyFile: undefined })
  process.stdout.write(`listening on ${formatListenAddress(server.address)}\n${line}\n`)
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}
