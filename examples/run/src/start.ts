import { runCommandLine } from './command-line'
import { startDemoServers } from './demo-servers'

/** Where `npx pnpm --filter @hawse/example-run start` begins: without arguments there are two hosts to try it on. */
const args = process.argv.slice(2)
await runCommandLine(args.length > 0 ? args : await demoArguments())

async function demoArguments(): Promise<readonly string[]> {
  const { hosts, options } = await startDemoServers(2)
  const command = 'for part in one two three; do echo "part $part of process $$"; sleep 1; done'
  process.stdout.write(
    `Two servers on loopback, until this ends. What runs on them:\n  hawse-run ${options.join(' ')} ${hosts.join(' ')} -- '${command}'\n\n`,
  )
  return [...options, ...hosts, '--', command]
}
