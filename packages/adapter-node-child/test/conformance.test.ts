import { describeProcessPort } from '@hawse/port-conformance'
import { childProcess, hasRealPipes } from '../src/index'

describeProcessPort('childProcess', (argv) => childProcess(argv), {
  isTerminal: false,
  hasPipes: hasRealPipes(),
  canReportStartFailure: true,
})
