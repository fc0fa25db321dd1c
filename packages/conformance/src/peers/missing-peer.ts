import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program that a test needs, and the Debian packages that bring it. */
const debianPackages: Readonly<Record<string, string>> = {
  bash: 'bash',
  git: 'git',
  htop: 'htop',
  less: 'less',
  nano: 'nano',
  plink: 'putty-tools',
  rsync: 'rsync',
  scp: 'openssh-client',
  script: 'bsdutils',
  sftp: 'openssh-client',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sshd: 'openssh-server',
  tmux: 'tmux',
  top: 'procps',
  vim: 'vim',
}

const systemFolders = ['/usr/sbin', '/sbin', '/usr/local/sbin']

/** The full path of a program on PATH or among the system's own, undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...systemFolders]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** Why tests that need these programs cannot run, naming what to install; undefined when they can. */
export function missingPeerReason(programs: readonly string[]): string | undefined {
  const missing = programs.filter((name) => findProgram(name) === undefined)
  if (missing.length === 0) return undefined
  const packages = [...new Set(missing.map((name) => debianPackages[name] ?? name))]
  return `${missing.join(', ')} not found: install the Debian package ${packages.join(', ')}`
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
