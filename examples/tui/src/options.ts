import { parseListenAddress, readArguments, type ListenAddress } from '@hawse/example-kit'

/** The command line, checked. */
export interface Options {
  readonly isHelp: boolean
  readonly listen: ListenAddress
  /** Private host keys; empty: the generated one. */
  readonly hostKeyFiles: readonly string[]
}

/** What `--help` prints. */
export const helpText = `Usage: npx pnpm --filter @hawse/example-tui start [options]

A room over SSH: whoever comes sees what the others say. Everybody is let in, by the name they give,
so it listens on loopback unless told otherwise.

  --listen HOST:PORT   where to listen; port 0 takes any free one (127.0.0.1:2222)
  --host-key FILE      private host key; repeatable (generated once and kept)
  --help               print this
`

/** Reads the command line; throws a `StartError` that names the option and what it takes. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = readArguments({
    args: [...args],
    strict: true,
    options: {
      listen: { type: 'string', default: '127.0.0.1:2222' },
      'host-key': { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    isHelp: values.help,
    listen: parseListenAddress(values.listen),
    hostKeyFiles: values['host-key'],
  }
}
