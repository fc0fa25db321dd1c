import {
  parseListenAddress,
  parseSeconds,
  readArguments,
  type ListenAddress,
} from '@hawse/example-kit'

/** The command line, checked. */
export interface Options {
  readonly isHelp: boolean
  readonly listen: ListenAddress
  /** `undefined`: a folder of the account's own, made at the first start. */
  readonly repositories: string | undefined
  /** `undefined`: a file of the account's own, made at the first start. */
  readonly access: string | undefined
  /** Private host keys; empty: the generated one. */
  readonly hostKeyFiles: readonly string[]
  /** How long what runs may go on after a signal to end. */
  readonly graceMs: number
}

/** What `--help` prints. */
export const helpText = `Usage: npx pnpm --filter @hawse/example-git-host start [options]

A small git host over SSH: clone, fetch, push, archive; nothing else.
Without options it makes a folder, keys and an access file of its own.

  --listen HOST:PORT   where to listen; port 0 takes any free one (127.0.0.1:2222)
  --repositories DIR   the folder of repositories, OWNER/NAME.git
  --access FILE        who is let in, and to what; JSON, read anew at each request
  --host-key FILE      private host key; repeatable (generated once and kept)
  --grace SECONDS      how long clones and pushes may go on after SIGTERM (10)
  --help               print this
`

/** Reads the command line; throws a `StartError` that names the option and what it takes. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = readArguments({
    args: [...args],
    strict: true,
    options: {
      listen: { type: 'string', default: '127.0.0.1:2222' },
      repositories: { type: 'string' },
      access: { type: 'string' },
      'host-key': { type: 'string', multiple: true, default: [] },
      grace: { type: 'string', default: '10' },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    isHelp: values.help,
    listen: parseListenAddress(values.listen),
    repositories: values.repositories,
    access: values.access,
    hostKeyFiles: values['host-key'],
    graceMs: parseSeconds('--grace', values.grace),
  }
}
