import { missingPeerReason } from '../peers/missing-peer'
import { missingTerminalReason } from '../peers/missing-terminal'
import type { Scenario } from '../scenarios/scenario'
import type { ServerKind } from '../servers/server-under-test'

/** Why a scenario cannot run for want of programs and libraries, naming what to install; undefined where it can. */
export function missingProgramsReason(scenario: Scenario, kind: ServerKind): string | undefined {
  const ofServer = kind === 'sshd' ? ['ssh', 'sshd'] : ['ssh']
  return missingPeerReason([...ofServer, ...scenario.programs]) ?? scenario.missing()
}

/** Why a scenario cannot run on this machine, whatever is installed; undefined where it can. */
export function missingRightReason(scenario: Scenario, kind: ServerKind): string | undefined {
  const needsSshdTerminal = kind === 'sshd' && scenario.needsTerminal
  return (needsSshdTerminal ? missingTerminalReason() : undefined) ?? scenario.unless()
}
