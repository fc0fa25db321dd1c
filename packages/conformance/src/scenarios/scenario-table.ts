import { connectionScenarios } from './connection-scenarios'
import { disconnectScenarios } from './disconnect-scenarios'
import { environmentScenarios } from './environment-scenarios'
import { exitScenarios } from './exit-scenarios'
import { fileScenarios } from './file-scenarios'
import { interactiveScenarios } from './interactive-scenarios'
import { onTerminal, type Scenario } from './scenario'
import { streamScenarios } from './stream-scenarios'
import { terminalScenarios } from './terminal-scenarios'

/** Scenarios about one subject. */
export interface ScenarioGroup {
  readonly title: string
  readonly scenarios: readonly Scenario[]
}

/** Every scenario, by subject: the same assertions for the reference and for ours. */
export const scenarioGroups: readonly ScenarioGroup[] = [
  { title: 'How a program ends', scenarios: exitScenarios },
  { title: 'What streams carry', scenarios: streamScenarios },
  { title: 'What a session finds', scenarios: environmentScenarios },
  { title: 'Programs on a terminal', scenarios: onTerminal(terminalScenarios) },
  { title: 'A person at a terminal', scenarios: onTerminal(interactiveScenarios) },
  { title: 'A client that is gone', scenarios: disconnectScenarios },
  { title: 'Files', scenarios: fileScenarios },
  { title: 'Sessions that share a connection', scenarios: connectionScenarios },
]

/** Every scenario, in one list. */
export const scenarioTable: readonly Scenario[] = scenarioGroups.flatMap(
  ({ scenarios }) => scenarios,
)
