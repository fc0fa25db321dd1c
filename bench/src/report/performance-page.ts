import { cpus, totalmem } from 'node:os'
import type { RunFacts } from '@hawse/conformance/servers'
import { machineTable } from '../machines/machine-figures'
import { growthRuns, tabledRuns, type BenchResults } from './bench-results'
import { figureTable } from './figure-table'
import { growthTable } from './growth'
import { workersLine } from './results-text'

/** Name of the chart, beside the page. */
export const chartFile = 'performance-sessions.svg'

const notesHeading = '## Notes'

/** docs/performance.md of a run; what people wrote under "Notes" of the page before is kept. */
export function performancePage(results: BenchResults, facts: RunFacts, before: string): string {
  const { workloads, servers, machines } = results
  const growth = growthRuns(workloads)
  const sections = [
    '# Performance',
    introduction,
    howMeasured(results, facts),
    '## Figures',
    'Medians; in brackets the median, over the rounds, of the ratio to `sshd` in the same round. Less is better, but for connections per second.',
    figureTable(tabledRuns(workloads), servers),
    ...workersLine(workloads),
    ...(growth === undefined
      ? []
      : [
          '## How cost grows with sessions',
          `![Memory and CPU of the servers with 1 to 1,000 sessions](${chartFile})`,
          growthTable(growth),
        ]),
    '## The machines alone',
    'The state machines of `@hawse/core` without servers, programs or ciphers (`npx pnpm bench machines`). Bytes allocated include what is garbage at once.',
    machineTable(machines),
    method,
  ]
  return `${[...sections, ...notesOf(before)].join('\n\n')}\n`
}

const introduction =
  "What Hawse (`examples/sshd`) costs beside OpenSSH's `sshd`, a careful server written by hand on ssh2 (`packages/conformance/by-hand`), and servers on the libraries of other languages (`bench/servers`). This page is written by the run that it describes."

function howMeasured(
  { command, rounds, scale, minutes, servers }: BenchResults,
  { date, versions }: RunFacts,
): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const others = servers
    .filter(({ id }) => ['go', 'asyncssh', 'conch'].includes(id))
    .map((server) => server.version())
  return [
    `- \`${command}\`, ${date}, ${minutes} minutes; ${rounds} rounds${scale === 1 ? '' : `, sizes times ${scale}`}`,
    `- ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${memory} GiB of memory; client and server share them`,
    `- ${[...versions, ...others].join(', ')}`,
  ].join('\n')
}

const method = `## How it is measured

- Every round runs each workload on every server by turns and begins with another server, so that what else the machine does falls on all alike. A server is warmed up by a sixteenth of the work first. Where memory is measured each run has a server of its own.
- CPU is that of the server's own processes (the tree under it that bears its name: for \`sshd\` the processes of its connections too), or with that of the programs they start; read from /proc before and after, with the connection open at both. Elapsed time stands beside it: it also holds what the client and the machine did.
- Transfers use OpenSSH's \`ssh\` with aes128-gcm (aes128-ctr with Conch, which has no GCM). The client's own count of bytes must be what was sent. Latency and connections are measured by an ssh2 client that keeps Nagle's algorithm off; one core runs it, so it bounds connections per second.
- Slow servers move a share of the bytes; figures are per unit all the same.
- "ssh2, no program" (\`bench/servers/ssh2_alone.mjs\`) makes, drops or sends back the bytes in its own memory, by ssh2's public API: what is left of the cost when there is no program to serve.
- All servers run the programs of one account. As root that is one made for it, with /bin/sh and an empty home, so that no start-up file of a shell is measured; otherwise it is your own account with your shell, for \`sshd\` lets nobody else in.
- The stalled client grants a window of 2 GiB and reads nothing from its socket. The slow reader rests 2 ms after each read of at most 64 KiB, and compares the digest of both outputs with what the program printed.
- Idle sessions run \`cat\`, which waits, and ends with its client. Memory counts shared pages by share (PSS); growth is that of resident memory.
- A failure is shown in place of a figure, by its first line; a workload that has failed on a server is not run on it again.`

/** What stands under the heading, with it. */
function notesOf(page: string): readonly string[] {
  const start = page.indexOf(`\n${notesHeading}\n`)
  return start === -1 ? [] : [page.slice(start + 1).trim()]
}
