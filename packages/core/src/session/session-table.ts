import { abandonedRow, closingRow, endedRow, leavingRow, orphanedRow } from './closing-rules'
import { decidingRow, startingRow, waitingRow } from './opening-rules'
import { refusingRow } from './refusing-rules'
import type { Row } from './rule'
import { drainingRow, runningRow } from './running-rules'
import type { SessionPhase } from './session-state'

/** The whole session machine: what happens in each phase for each event. The compiler proves it total. */
export const sessionTable: { readonly [Phase in SessionPhase]: Row<Phase> } = {
  waiting: waitingRow,
  deciding: decidingRow,
  refusing: refusingRow,
  starting: startingRow,
  running: runningRow,
  draining: drainingRow,
  abandoned: abandonedRow,
  leaving: leavingRow,
  orphaned: orphanedRow,
  closing: closingRow,
  ended: endedRow,
}
