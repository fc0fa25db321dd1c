import type { Scenario } from '../scenarios/scenario'
import type { ServerKind } from '../servers/server-under-test'

/** What came of a scenario on a server. */
export interface Observation {
  readonly scenario: Scenario
  readonly kind: ServerKind
  /** Whether everything that the scenario asserts was seen; `notRun`: something it needs is not here. */
  readonly verdict: 'met' | 'notMet' | 'notRun'
  /** Why it was not met or not run, in a line; empty where it was met. */
  readonly reason: string
  /** The channel messages of the server, in order, for the first client that was looked at closely. */
  readonly received: readonly string[]
  readonly durationMs: number
}
