import { describe } from '@jest/globals'
import { startReferenceSshd } from '../src/servers/reference-sshd'
import { describeFidelity } from './fidelity-suite'

describe('OpenSSH sshd', () => {
  describeFidelity('sshd', () => startReferenceSshd())
})
