import { parseArgs } from 'node:util'
import { serverIds, type ServerId } from './servers/bench-server'

/** What the command line asks for. */
export interface BenchOptions {
  readonly isHelp: boolean
  /** `machines`: the pure machines alone, without servers. */
  readonly isMachines: boolean
  /** Share of the full sizes. */
  readonly scale: number
  readonly rounds: number
  /** Names of workloads; empty: all. */
  readonly only: readonly string[]
  readonly servers: readonly ServerId[]
  /** Whether docs/performance.md, its chart and the rows of the README are written. */
  readonly isWritten: boolean
}

/** What `--help` prints. */
export function helpText(workloads: readonly string[]): string {
  return `Usage: npx pnpm bench [machines] [options]

Measures Hawse (examples/sshd) beside sshd and what people would use instead.
With "machines": the pure state machines alone.

  --only NAME        one workload; repeatable, or joined by commas (all)
  --servers NAMES    ${serverIds.join(',')} (all that are installed)
  --rounds NUMBER    runs of each workload on each server, interleaved (5)
  --scale NUMBER     share of the full sizes, such as 0.01 for a quick look (1)
  --write            write docs/performance.md, its chart, and the rows of the README
  --help             print this

Workloads: ${workloads.join(', ')}
`
}

const table = {
  only: { type: 'string', multiple: true, default: [] as string[] },
  servers: { type: 'string', multiple: true, default: [] as string[] },
  rounds: { type: 'string', default: '5' },
  scale: { type: 'string', default: '1' },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Reads the command line; throws an error that says what is wrong. */
export function parseOptions(args: readonly string[], workloads: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: table,
    allowPositionals: true,
  })
  const [subject, ...rest] = positionals
  if ((subject !== undefined && subject !== 'machines') || rest.length > 0) {
    throw new Error(`${positionals.join(' ')}: expected nothing, or "machines"`)
  }
  if (values.write && values.only.length > 0) {
    throw new Error('--write: expected no --only, for the page shows every workload')
  }
  const servers = names(values.servers, serverIds, '--servers')
  return {
    isHelp: values.help,
    isMachines: subject === 'machines',
    scale: positive('--scale', values.scale),
    rounds: Math.ceil(positive('--rounds', values.rounds)),
    only: names(values.only, workloads, '--only'),
    servers: servers.length === 0 ? serverIds : servers,
    isWritten: values.write,
  }
}

function names<Name extends string>(
  lists: readonly string[],
  known: readonly Name[],
  option: string,
): readonly Name[] {
  return lists
    .flatMap((list) => list.split(','))
    .map((text) => {
      const name = known.find((one) => one === text)
      if (name !== undefined) return name
      throw new Error(`${option} ${text}: expected one of ${known.join(', ')}`)
    })
}

function positive(option: string, text: string): number {
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  throw new Error(`${option} ${text}: expected a number above 0`)
}
