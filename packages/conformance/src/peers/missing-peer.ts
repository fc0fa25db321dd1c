import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program that a test needs, and the Debian packages that bring it. */
const debianPackages: Readonly<Record<string, string>> = {
  ansible: 'ansible-core',
  bash: 'bash',
  conch3: 'python3-twisted',
  curl: 'curl',
  dbclient: 'dropbear-bin',
  dropbearconvert: 'dropbear-bin',
  expect: 'expect',
  fusermount3: 'fuse3',
  gcc: 'gcc',
  git: 'git',
  go: 'golang-go',
  htop: 'htop',
  less: 'less',
  lftp: 'lftp',
  'mosh-server': 'mosh',
  mosh: 'mosh',
  nano: 'nano',
  plink: 'putty-tools',
  pscp: 'putty-tools',
  psftp: 'putty-tools',
  puttygen: 'putty-tools',
  python3: 'python3',
  rsync: 'rsync',
  ruby: 'ruby',
  scp: 'openssh-client',
  script: 'bsdutils',
  sftp: 'openssh-client',
  'ssh-add': 'openssh-client',
  'ssh-agent': 'openssh-client',
  'ssh-keygen': 'openssh-client',
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  sshfs: 'sshfs',
  tar: 'tar',
  tmux: 'tmux',
  prlimit: 'util-linux',
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
  const packages = [...new Set(missing.map(debianPackageOf))]
  return `${missing.join(', ')} not found: install the Debian package ${packages.join(', ')}`
}

/** The Debian package that brings a program; most bear its name. */
export function debianPackageOf(program: string): string {
  return debianPackages[program] ?? program
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
