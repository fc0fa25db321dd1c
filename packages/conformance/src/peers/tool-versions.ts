import { spawnSync } from 'node:child_process'
import { findProgram } from './missing-peer'

/** What makes a program print its version, where that is not `--version`. */
const versionArguments: Readonly<Record<string, readonly string[]>> = {
  dbclient: ['-V'],
  expect: ['-v'],
  pscp: ['-V'],
  psftp: ['-V'],
  plink: ['-V'],
  ssh: ['-V'],
  sshd: ['-V'],
  sshfs: ['-V'],
  tmux: ['-V'],
}

/** Programs that have no version of their own, and the one whose version it is. */
const sameVersion: Readonly<Record<string, string>> = { scp: 'ssh', sftp: 'ssh' }

/** What a program prints about its version, up to the number; undefined where it is not installed. */
export function toolVersion(name: string): string | undefined {
  const program = sameVersion[name] ?? name
  const file = findProgram(program)
  if (file === undefined) return undefined
  const args = versionArguments[program] ?? ['--version']
  const { stdout, stderr } = spawnSync(file, [...args], { encoding: 'utf8' })
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => /\d/.test(line))
  // Some tell the versions of what they use first.
  const own = lines.find((line) => line.toLowerCase().includes(program)) ?? lines[0]
  return own?.trim().replace(/^(.*?\d+\.\d+\S*).*$/, '$1')
}
