import {
  closeOnSignals,
  connectHost,
  formatListenAddress,
  onceEach,
  openIdentity,
  runProgram,
  sshLine,
  stateFolderPath,
  type Identity,
  type ListenAddress,
} from '@hawse/example-kit'
import { fileURLToPath } from 'node:url'
import { currentAccount } from './account'
import { helpText } from './help-text'
import { logToStderr } from './log'
import { createNumbering, fromOne } from './numbering'
import { parseOptions, type Options } from './options'
import { startServer, type RunningServer } from './server'
import { openKeySource, serviceSettings, type ServerPlan } from './server-plan'
import { servedSubsystems } from './subsystems'
import { startWorkerServer } from './workers/worker-server'

runProgram('sshd', async (args) => {
  const options = parseOptions(args)
  if (options.isHelp) process.stdout.write(helpText)
  else await serve(options)
})

async function serve(options: Options): Promise<void> {
  const account = currentAccount(options.shell)
  const folder = stateFolderPath(process.env['XDG_STATE_HOME'], account.home)
  const identity = openIdentity(folder, account, options.hostKeyFiles)
  const { clientKey } = identity
  const plan: ServerPlan = {
    options,
    account,
    hostKeys: identity.hostKeys,
    clientKey: `${clientKey.type} ${clientKey.getPublicSSH().toString('base64')}`,
    subsystems: servedSubsystems(options.subsystems),
  }
  const server = await start(plan)
  closeOnSignals(() => server.close(options.graceMs), options.graceMs)
  announce(server.address, account.user, identity, options.authorizedKeysFiles.length === 0)
}

function start(plan: ServerPlan): Promise<RunningServer> {
  const log = logToStderr(plan.options.logFormat)
  const noteKeyProblem = onceEach((message) => log({ event: 'note', message }))
  if (plan.options.workers === 1) {
    const numbering = createNumbering(fromOne)
    const settings = serviceSettings(plan, { log, noteKeyProblem, numbering })
    return startServer({ ...settings, listen: plan.options.listen })
  }
  // Problems are told, or keep it from starting, before there are workers that find them too.
  openKeySource(plan, noteKeyProblem)
  const workerFile = fileURLToPath(new URL('./workers/worker-main.js', import.meta.url))
  return startWorkerServer({ plan, workerFile, log, noteKeyProblem })
}

function announce(
  address: ListenAddress,
  user: string,
  identity: Identity,
  hasOwnKey: boolean,
): void {
  const line = sshLine({
    user,
    host: connectHost(address.host),
    port: address.port,
    knownHostsFile: identity.knownHostsFile,
    clientKeyFile: hasOwnKey ? identity.clientKeyFile : undefined,
  })
  process.stdout.write(`listening on ${formatListenAddress(address)}\n${line}\n`)
}
