import { clientScenarios } from './client-scenarios'
import { commandScenarios } from './session/command-scenarios'
import { connectionScenarios } from './session/connection-scenarios'
import { disconnectScenarios } from './session/disconnect-scenarios'
import { environmentScenarios } from './session/environment-scenarios'
import { exitScenarios } from './session/exit-scenarios'
import { fileScenarios } from './tools/file-scenarios'
import { departureScenarios } from './terminal/interactive-departure-scenarios'
import { editingScenarios } from './terminal/interactive-editing-scenarios'
import { jobScenarios } from './terminal/interactive-job-scenarios'
import { fullScreenScenarios } from './terminal/interactive-program-scenarios'
import { gitScenarios } from './tools/git-scenarios'
import { interactiveScenarios } from './terminal/interactive-scenarios'
import { windowScenarios } from './terminal/interactive-window-scenarios'
import { loginScenarios } from './session/login-scenarios'
import { inBash, onTerminal, type Scenario } from './scenario'
import { sharedConnectionScenarios } from './session/shared-connection-scenarios'
import { streamScenarios } from './session/stream-scenarios'
import { terminalModeScenarios } from './terminal/terminal-mode-scenarios'
import { terminalProgramScenarios } from './terminal/terminal-program-scenarios'
import { terminalScenarios } from './terminal/terminal-scenarios'
import { wireCloseScenarios } from './wire/wire-close-scenarios'
import { wireEofScenarios } from './wire/wire-eof-scenarios'
import { wireFaultScenarios } from './wire/wire-fault-scenarios'
import { wireKeyScenarios } from './wire/wire-key-scenarios'
import { wireOrderScenarios } from './wire/wire-order-scenarios'
import { wireRequestScenarios } from './wire/wire-request-scenarios'
import { wireWindowScenarios } from './wire/wire-window-scenarios'
import { toolScenarios } from './tools/tool-scenarios'
import { terminalWireScenarios } from './terminal/terminal-wire-scenarios'
import { volumeScenarios } from './terminal/terminal-volume-scenarios'

/** Scenarios about one subject. */
export interface ScenarioGroup {
  readonly title: string
  readonly scenarios: readonly Scenario[]
}

/** Every scenario, by subject: the same assertions for the reference and for ours. */
export const scenarioGroups: readonly ScenarioGroup[] = [
  { title: 'How a program ends', scenarios: exitScenarios },
  { title: 'What streams carry', scenarios: streamScenarios },
  { title: 'What a session finds', scenarios: [...environmentScenarios, ...loginScenarios] },
  { title: 'Command lines', scenarios: commandScenarios },
  { title: 'Programs on a terminal', scenarios: onTerminal(terminalScenarios) },
  { title: 'What a terminal is like', scenarios: onTerminal(terminalProgramScenarios) },
  { title: 'Terminal modes', scenarios: onTerminal(terminalModeScenarios) },
  { title: 'Terminal modes on the wire', scenarios: onTerminal(terminalWireScenarios) },
  { title: 'Much through a terminal', scenarios: onTerminal(volumeScenarios) },
  { title: 'A person at a terminal', scenarios: onTerminal(interactiveScenarios) },
  { title: 'Editing lines', scenarios: onTerminal(inBash(editingScenarios)) },
  { title: 'Programs that take the screen', scenarios: onTerminal(fullScreenScenarios) },
  { title: 'Jobs', scenarios: onTerminal(inBash(jobScenarios)) },
  { title: 'Windows', scenarios: onTerminal(windowScenarios) },
  { title: 'A person who leaves', scenarios: onTerminal(inBash(departureScenarios)) },
  { title: 'A client that is gone', scenarios: disconnectScenarios },
  { title: 'Clients', scenarios: clientScenarios },
  { title: 'Files', scenarios: fileScenarios },
  { title: 'Git', scenarios: gitScenarios },
  { title: 'Tools that work over SSH', scenarios: toolScenarios },
  {
    title: 'Sessions that share a connection',
    scenarios: [...sharedConnectionScenarios, ...connectionScenarios],
  },
  { title: 'Requests on the wire', scenarios: wireRequestScenarios },
  { title: 'Orders on the wire', scenarios: wireOrderScenarios },
  { title: 'Windows on the wire', scenarios: wireWindowScenarios },
  { title: 'EOF and CLOSE on the wire', scenarios: [...wireEofScenarios, ...wireCloseScenarios] },
  { title: 'Key exchanges on the wire', scenarios: wireKeyScenarios },
  { title: 'Faults on the wire', scenarios: wireFaultScenarios },
]

/** Every scenario, in one list. */
export const scenarioTable: readonly Scenario[] = scenarioGroups.flatMap(
  ({ scenarios }) => scenarios,
)
