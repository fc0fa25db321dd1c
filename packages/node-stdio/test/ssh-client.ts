import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReachableServer } from '@hawse/conformance/servers'

/** The client that the README of this package shows, as a program. */
export interface SshClient {
  /** Arguments of a command line that logs in to a server; a shell without a command. */
  readonly argv: (server: ReachableServer, command?: string) => readonly [string, ...string[]]
  readonly remove: () => void
}

/** Writes the block of a page to a file inside this package, so that the packages resolve by their public names. */
export function clientOfPage(page: string): SshClient {
  const readme = readFileSync(join(__dirname, page), 'utf8')
  const [, code] =
    /<!-- run by \S+ssh-client\.test\.ts -->\s*```js\n([\s\S]*?)```/.exec(readme) ?? []
  if (code === undefined) throw new Error(`${page} has lost its client`)
  const folder = mkdtempSync(join(__dirname, '../.pages-'))
  const file = join(folder, 'client.mjs')
  writeFileSync(file, code)
  return {
    argv: ({ host, port, user, clientKeyFile }, command) => {
      const login = [host, String(port), user, clientKeyFile]
      return [process.execPath, file, ...login, ...(command === undefined ? [] : [command])]
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
