import { missingPeerReason } from '../peers/missing-peer'
import type { Scenario } from '../scenarios/scenario'
import type { ServerKind } from '../servers/server-under-test'

/** Why a scenario cannot run for want of programs and libraries, naming what to install; undefined where it can. */
export function missingProgramsReason(scenario: Scenario, kind: ServerKind): string | undefined {
  const ofServer = kind === 'sshd' ? ['ssh', 'sshd'] : ['ssh']
  return missingPeerReason([...ofServer, ...scenario.programs]) ?? scenario.missing()
}

/** Why a scenario cannot run on this machine, whatever is installed; undefined where it can. */
export function missingRightReason(scenario: Scenario, kind: ServerKind): string | undefined {
  const isRoot = process.getuid?.() === 0
  // sshd changes the owner of a terminal, which only root may.
  if (!isRoot && kind === 'sshd' && scenario.needsTerminal)
    return 'sshd gives terminals only when it runs as root: run the tests as root'
  return scenario.unless()
}
