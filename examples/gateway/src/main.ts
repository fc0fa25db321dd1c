import {
  closeOnSignals,
  connectHost,
  formatListenAddress,
  readArguments,
  runProgram,
  sshLine,
  usageError,
} from '@hawse/example-kit'
import { readConfig } from './config'
import { defaultGateway } from './default-config'
import { startGateway } from './gateway'

const help = `Usage: npx pnpm --filter @hawse/example-gateway start [CONFIG.json]

Relays SSH sessions to hosts by name: ssh -p PORT USER+HOST@GATEWAY
Without a configuration its one host is the example sshd of this repository: npx pnpm start.
`

runProgram('gateway', async (args) => {
  const { values, positionals } = readArguments({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: { help: { type: 'boolean', default: false } },
  })
  if (positionals.length > 1) throw usageError('give one configuration file, or none')
  if (values.help) process.stdout.write(help)
  else await serve(positionals[0])
})

async function serve(file: string | undefined): Promise<void> {
  const start = file === undefined ? defaultGateway() : { config: readConfig(file) }
  const gateway = await startGateway(start.config, log)
  closeOnSignals(() => gateway.close(), 0)
  process.stdout.write(`listening on ${formatListenAddress(gateway.address)}\n`)
  if (!('user' in start)) return
  const { user, knownHostsFile, clientKeyFile } = start
  const address = { ...gateway.address, host: connectHost(gateway.address.host) }
  for (const login of [`${user}+sshd`, 'admin'])
    process.stdout.write(`${sshLine({ ...address, user: login, knownHostsFile, clientKeyFile })}\n`)
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}
