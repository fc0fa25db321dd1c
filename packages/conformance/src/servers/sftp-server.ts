import { existsSync } from 'node:fs'

/** Where Debian, Fedora, Arch, Alpine and FreeBSD keep the SFTP server of OpenSSH. */
const places = [
  '/usr/lib/openssh/sftp-server',
  '/usr/libexec/openssh/sftp-server',
  '/usr/lib/ssh/sftp-server',
  '/usr/libexec/sftp-server',
]

/** The full path of OpenSSH's SFTP server. */
export function findSftpServer(): string {
  const place = places.find((path) => existsSync(path))
  if (place === undefined) {
    throw new Error(`no sftp-server in ${places.join(', ')}: install openssh-sftp-server`)
  }
  return place
}
