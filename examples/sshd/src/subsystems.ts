import { isExecutableFile } from './account'

/** Where systems keep OpenSSH's SFTP server: Debian, Fedora, macOS and the BSDs, Arch and Alpine. */
const sftpServerFiles = [
  '/usr/lib/openssh/sftp-server',
  '/usr/libexec/openssh/sftp-server',
  '/usr/libexec/sftp-server',
  '/usr/lib/ssh/sftp-server',
]

/** Shell commands by name of the subsystem: the SFTP server of this machine, if any, and the given ones over it. */
export function servedSubsystems(
  given: ReadonlyMap<string, string>,
  sftpCandidates: readonly string[] = sftpServerFiles,
): ReadonlyMap<string, string> {
  const sftpServer = sftpCandidates.find(isExecutableFile)
  const found: [string, string][] = sftpServer === undefined ? [] : [['sftp', sftpServer]]
  return new Map([...found, ...given])
}
