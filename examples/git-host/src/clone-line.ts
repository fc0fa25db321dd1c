import { shellQuote, sshOptions, type ListenAddress, type SshFiles } from '@hawse/example-kit'
import { formatListenAddress } from '@hawse/example-kit'

/** The git command that clones a repository from here, ready for a shell. */
export function cloneLine(files: SshFiles, address: ListenAddress, repository: string): string {
  // As the clone's own setting it serves the pushes that follow, too.
  const setting = shellQuote(`core.sshCommand=ssh ${sshOptions(files)}`)
  return `git clone -c ${setting} ssh://git@${formatListenAddress(address)}/${repository}`
}
