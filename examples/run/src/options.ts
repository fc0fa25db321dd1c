import { parseSeconds, readArguments, usageError } from '@hawse/example-kit'

/** The command line, checked. */
export interface Options {
  readonly isHelp: boolean
  /** As the user wrote them. */
  readonly hosts: readonly string[]
  readonly hostFiles: readonly string[]
  /** For the shell of the account there: the words, joined by blanks, as ssh does. */
  readonly command: string
  /** Hosts at once. */
  readonly parallel: number
  /** How long the command may take on a host; `undefined`: as long as it does. */
  readonly timeoutMs: number | undefined
  /** How long a connection and the login may take. */
  readonly connectTimeoutMs: number
  /** What each host gets as its input; `undefined`: nothing. */
  readonly inputFile: string | undefined
  /** Where a host does not name a user; `undefined`: the name of the account. */
  readonly user: string | undefined
  readonly identityFiles: readonly string[]
  /** Empty: those of ssh. */
  readonly knownHostsFiles: readonly string[]
}

/** What `--help` prints, and the program without arguments. */
export const helpText = `Usage: hawse-run [options] [USER@]HOST[:PORT]... -- COMMAND...

Runs a command on many hosts at once over SSH, and shows what each does.
For example: hawse-run web1 web2 me@db:2222 -- 'uptime; df -h /'

  -f, --hosts FILE           hosts from a file, one a line, # for comments; repeatable
  -P, --parallel NUMBER      hosts at once (16)
  -t, --timeout SECONDS      how long the command may take on a host; then it is ended
      --connect-timeout SECONDS
                             how long a connection and the login may take (10)
      --input FILE           what each host gets as its standard input (nothing)
  -l, --user NAME            user where a host names none (your own name)
  -i, --identity FILE        private key without a passphrase; repeatable
                             (the agent at SSH_AUTH_SOCK, and the keys in ~/.ssh)
      --known-hosts FILE     where host keys are looked up; repeatable
                             (~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts)
  -h, --help                 print this

Ctrl-C interrupts the command on all hosts; again: ends and then kills it; a third
time: gives up. Exit code: 0 where it exited with 0 on all hosts, else the highest:
that of the command, 128 + the signal that ended it, 124 for a time limit, 255 for a
host that was not reached or lost.
`

/** Reads the command line; throws a `StartError` that names what is wrong with it. */
export function parseOptions(args: readonly string[]): Options {
  const end = args.indexOf('--')
  const { values, positionals: hosts } = readArguments({
    args: args.slice(0, end < 0 ? args.length : end),
    strict: true,
    allowPositionals: true,
    options: optionTable,
  })
  const { timeout, help: isHelp, hosts: hostFiles = [] } = values
  const options = {
    ...{ isHelp, hosts, hostFiles },
    command: end < 0 ? '' : args.slice(end + 1).join(' '),
    parallel: parseCount('--parallel', values.parallel),
    timeoutMs: timeout === undefined ? undefined : parseLimit('--timeout', timeout),
    connectTimeoutMs: parseLimit('--connect-timeout', values['connect-timeout']),
    inputFile: values.input,
    user: values.user,
    identityFiles: values.identity ?? [],
    knownHostsFiles: values['known-hosts'] ?? [],
  }
  if (!isHelp) requireWork(options)
  return options
}

const optionTable = {
  hosts: { type: 'string', short: 'f', multiple: true },
  parallel: { type: 'string', short: 'P', default: '16' },
  timeout: { type: 'string', short: 't' },
  'connect-timeout': { type: 'string', default: '10' },
  input: { type: 'string' },
  user: { type: 'string', short: 'l' },
  identity: { type: 'string', short: 'i', multiple: true },
  'known-hosts': { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h', default: false },
} as const

function requireWork({ command, hosts, hostFiles }: Options): void {
  if (command.trim() === '') {
    throw usageError('there is no command; put it behind --, as in: hawse-run web1 web2 -- uptime')
  }
  if (hosts.length === 0 && hostFiles.length === 0) {
    throw usageError('there is no host; name some before --, or give a file of them with -f')
  }
}

function parseCount(option: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw usageError(`${option} ${text}: expected a whole number from 1 to 9999`)
}

function parseLimit(option: string, text: string): number {
  const milliseconds = parseSeconds(option, text)
  if (milliseconds > 0) return milliseconds
  throw usageError(`${option} ${text}: expected more than 0 seconds`)
}
