import { drainingRow, leavingRow, overRow } from './remote-ending'
import { abandonedRow, askingTerminalRow, idleRow, openingRow, startingRow } from './remote-opening'
import type { RemoteRow } from './remote-row'
import { runningRow } from './remote-running'
import type { RemotePhase } from './remote-state'

/** The whole remote process machine: what happens in each phase for each input. The compiler proves it total. */
export const remoteTable: { readonly [Phase in RemotePhase]: RemoteRow<Phase> } = {
  idle: idleRow,
  opening: openingRow,
  abandoned: abandonedRow,
  askingTerminal: askingTerminalRow,
  starting: startingRow,
  running: runningRow,
  leaving: leavingRow,
  draining: drainingRow,
  over: overRow,
}
