import { describeProcessPort } from '@hawse/conformance'
import { childProcess, hasRealPipes } from '../src/index'

describeProcessPort('childProcess', ([program = '', ...args]) => childProcess([program, ...args]), {
  isTerminal: false,
  hasPipes: hasRealPipes(),
  canReportStartFailure: true,
})
