import { describeRun } from '@hawse/port-conformance'
import { childProcess, hasRealPipes } from '../src/index'

describeRun('childProcess', (argv) => childProcess(argv), {
  isTerminal: false,
  hasPipes: hasRealPipes(),
  canReportStartFailure: true,
})
