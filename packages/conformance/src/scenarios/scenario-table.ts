import { connectionScenarios } from './connection-scenarios'
import { disconnectScenarios } from './disconnect-scenarios'
import { environmentScenarios } from './environment-scenarios'
import { exitScenarios } from './exit-scenarios'
import { fileScenarios } from './file-scenarios'
import { interactiveScenarios } from './interactive-scenarios'
import { onTerminal, type Scenario } from './scenario'
import { streamScenarios } from './stream-scenarios'
import { terminalScenarios } from './terminal-scenarios'

/** Every scenario: one table, the same assertions for the reference and for ours. */
export const scenarioTable: readonly Scenario[] = [
  ...exitScenarios,
  ...streamScenarios,
  ...environmentScenarios,
  ...onTerminal(terminalScenarios),
  ...onTerminal(interactiveScenarios),
  ...disconnectScenarios,
  ...fileScenarios,
  ...connectionScenarios,
]
