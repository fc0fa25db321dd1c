import type { SshClient } from './client'
import { conchClient, dropbearClient, opensshClient, plinkClient } from './command-line-clients'
import { libraryClients } from './library-clients'

/** Every client that people use, as one contract. */
export const sshClients: readonly SshClient[] = [
  opensshClient,
  dropbearClient,
  plinkClient,
  conchClient,
  ...libraryClients,
]
