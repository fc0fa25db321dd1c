import { curlScenarios } from './curl-scenarios'
import { lftpScenarios } from './lftp-scenarios'
import { puttyScenarios } from './putty-scenarios'
import { rsyncScenarios } from './rsync-scenarios'
import type { Scenario } from '../scenario'
import { scpScenarios } from './scp-scenarios'
import { sftpScenarios } from './sftp-scenarios'
import { sshfsScenarios } from './sshfs-scenarios'
import { tarScenarios } from './tar-scenarios'

/** Programs that carry files. */
export const fileScenarios: readonly Scenario[] = [
  ...sftpScenarios,
  ...scpScenarios,
  ...rsyncScenarios,
  ...tarScenarios,
  ...curlScenarios,
  ...lftpScenarios,
  ...puttyScenarios,
  ...sshfsScenarios,
]
