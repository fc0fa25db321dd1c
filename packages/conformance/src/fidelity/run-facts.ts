import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { release, type } from 'node:os'
import { join } from 'node:path'

/** What a run was made with. */
export interface RunFacts {
  /** Day of the run, as `2026-01-31`. */
  readonly date: string
  /** Programs and libraries with their versions. */
  readonly versions: readonly string[]
}

/** Looks up the versions of what decides what is seen; OpenSSH's server and client come from one source. */
export function lookUpRunFacts(rootFolder: string): RunFacts {
  const openSsh = /OpenSSH_[^\s,]+/.exec(spawnSync('ssh', ['-V'], { encoding: 'utf8' }).stderr)
  const fromConformance = createRequire(join(rootFolder, 'packages/conformance/package.json'))
  const versionOf = (name: string): string => {
    const manifest: unknown = JSON.parse(
      readFileSync(fromConformance.resolve(`${name}/package.json`), 'utf8'),
    )
    return `${name} ${(manifest as { version: string }).version}`
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    versions: [
      openSsh?.[0] ?? 'no OpenSSH',
      `Node.js ${process.versions.node}`,
      versionOf('ssh2'),
      versionOf('@lydell/node-pty'),
      `${type()} ${release().replace(/-.*/, '')}`,
    ],
  }
}
