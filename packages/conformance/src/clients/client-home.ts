import { mkdirSync } from 'node:fs'
import type { TemporaryFolder } from '@hawse/port-conformance'

/** Makes a home folder for a client, and gives the environment that keeps it from touching the user's own. */
export function makeClientHome(folder: TemporaryFolder): Readonly<Record<string, string>> {
  const home = folder.file('home')
  mkdirSync(`${home}/.ssh`, { recursive: true, mode: 0o700 })
  return {
    HOME: home,
    PUTTYDIR: `${home}/.putty`,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
    XDG_CONFIG_HOME: `${home}/.config`,
  }
}
