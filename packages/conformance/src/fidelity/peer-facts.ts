import { toolVersion } from '../peers/tool-versions'
import { scenarioTable } from '../scenarios/scenario-table'
import type { PeerFacts } from './compatibility-page'

/** The programs that scenarios of the table run, beside the clients, with what they print about their version. */
export function toolFacts(clientNames: ReadonlySet<string>): readonly PeerFacts[] {
  const names = new Set(
    scenarioTable.flatMap(({ peer }) => (peer === undefined ? [] : [peer.name])),
  )
  return [...names]
    .filter((name) => !clientNames.has(name))
    .map((name) => ({ name, version: toolVersion(name) ?? 'not installed', cannot: {} }))
}
