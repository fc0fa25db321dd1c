import { sshClients } from '../clients/ssh-clients'
import { toolVersion } from '../peers/tool-versions'
import { missingPeerReason } from '../peers/missing-peer'
import { scenarioTable } from '../scenarios/scenario-table'
import type { PeerFacts } from './compatibility-page'

/** Clients that run a remote command as `ssh` does, with what they say about their version. */
export function clientFacts(): Promise<readonly PeerFacts[]> {
  const facts = sshClients.map(async ({ name, programs, missing, version, cannot }) => {
    const isHere = (missingPeerReason(programs) ?? missing()) === undefined
    return { name, version: isHere ? await version() : 'not installed', cannot }
  })
  return Promise.all(facts)
}

/** The other programs that scenarios of the table run, with what they print about their version. */
export function toolFacts(): readonly PeerFacts[] {
  const clientNames = new Set(sshClients.map(({ name }) => name))
  const peerNames = scenarioTable.flatMap(({ peer }) => (peer === undefined ? [] : [peer.name]))
  return [...new Set(peerNames)]
    .filter((name) => !clientNames.has(name))
    .map((name) => ({ name, version: toolVersion(name) ?? 'not installed', cannot: {} }))
}
