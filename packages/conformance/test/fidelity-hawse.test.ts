import { describe } from '@jest/globals'
import { startExampleSshd } from '../src/servers/example-sshd'
import { describeFidelity } from './fidelity-suite'

describe('Hawse example sshd', () => {
  describeFidelity('hawse', () => startExampleSshd())
})
