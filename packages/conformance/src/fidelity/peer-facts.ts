import { capabilities } from '../clients/client'
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

/** What each of the clients is asked for. */
export const clientCapabilities: readonly string[] = Object.keys(capabilities)

/** The programs that scenarios of the table do other things with, and what they print about their version. */
export function toolFacts(): readonly PeerFacts[] {
  const names = scenarioTable.flatMap(({ peer }) =>
    peer === undefined || clientCapabilities.includes(peer.capability) ? [] : [peer.name],
  )
  return [...new Set(names)].map((name) => ({
    name,
    version: toolVersion(name) ?? 'not installed',
    cannot: {},
  }))
}
