import type { SessionOptions } from '@hawse/core'
import { currentAccount } from './account'
import { authorizedKeysFrom } from './authorized-key-source'
import { helpText } from './help-text'
import { openIdentity, type Identity } from './identity'
import { noKeyOptions } from './key-options'
import { connectHost, formatListenAddress, type ListenAddress } from './listen-address'
import { logToStderr, type Log } from './log'
import { parseOptions, type Options } from './options'
import { servedSession } from './served-session'
import { startServer } from './server'
import { closeOnSignals } from './shutdown'
import { sshLine } from './ssh-line'
import { reasonOf, StartError } from './start-error'
import { stateFolderPath } from './state-folder'
import { servedSubsystems } from './subsystems'

main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`sshd: ${reasonOf(thrown)}\n`)
  process.exitCode = thrown instanceof StartError ? thrown.exitCode : 1
})

async function main(args: readonly string[]): Promise<void> {
  // Whoever reads what we print may stop after the line it wants; the server goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const options = parseOptions(args)
  if (options.isHelp) process.stdout.write(helpText)
  else await serve(options)
}

async function serve(options: Options): Promise<void> {
  const account = currentAccount(options.shell)
  const folder = stateFolderPath(process.env['XDG_STATE_HOME'], account.home)
  const identity = openIdentity(folder, account, options.hostKeyFiles)
  const { authorizedKeysFiles, forceCommand, clientAliveMs, graceMs } = options
  const login = { account, forceCommand, subsystems: servedSubsystems(options.subsystems) }
  const sessionOptions = sessionOptionsOf(options)
  const log = logToStderr(options.logFormat)
  const note: Log = (message) => log({ event: 'note', message })
  const server = await startServer({
    listen: options.listen,
    hostKeys: identity.hostKeys,
    user: account.user,
    authorizedKeys:
      authorizedKeysFiles.length === 0
        ? () => [{ key: identity.clientKey, options: noKeyOptions }]
        : authorizedKeysFrom(authorizedKeysFiles, account, note),
    serve: (allowed) => servedSession(login, sessionOptions, allowed),
    clientAliveMs,
    limits: options.limits,
    log,
  })
  closeOnSignals(() => server.close(graceMs), graceMs)
  announce(server.address, account.user, identity, authorizedKeysFiles.length === 0)
}

/** A program that is ended gets SIGHUP, SIGTERM and SIGKILL, each 2 seconds after the one before. */
function sessionOptionsOf(options: Options): SessionOptions {
  const { acceptEnv, onDisconnect, timeLimits, limits } = options
  const { maximumCommandBytes } = limits
  const delays = { terminateDelayMs: 2_000, killDelayMs: 2_000 }
  return { acceptEnv, onDisconnect, timeLimits, maximumCommandBytes, ...delays }
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
