import { describeRun } from '@hawse/conformance'
import { childProcess, hasRealPipes } from '../src/index'

describeRun('childProcess', (argv) => childProcess(argv), {
  isTerminal: false,
  hasPipes: hasRealPipes(),
  canReportStartFailure: true,
})
