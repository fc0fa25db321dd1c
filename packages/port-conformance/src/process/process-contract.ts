import { describe } from '../test-framework'
import { describeProcessClosing } from './process-closing'
import { describeProcessEnd } from './process-end'
import { describeProcessInput } from './process-input'
import { describeProcessOutput } from './process-output'
import { describeProcessPause } from './process-pause'
import { describeProcessSignals } from './process-signals'
import { describeProcessStart } from './process-start'
import { createProcessSuite, type MakeProcess, type ProcessCapabilities } from './process-suite'
import { describeProcessTerminal } from './process-terminal'

/**
 * The suite that every adapter of `ProcessPort` passes: each MUST of the port, asked of real POSIX programs.
 *
 * `makeProcess` makes a port, not started, whose programs find `/bin/sh` and the usual tools on their PATH;
 * on a terminal it begins with 80 columns and 24 rows unless told otherwise.
 */
export function describeProcessPort(
  name: string,
  makeProcess: MakeProcess,
  capabilities: ProcessCapabilities,
): void {
  describe(`${name} as a process port`, () => {
    const suite = createProcessSuite(makeProcess, capabilities)
    describe('starting', () => describeProcessStart(suite))
    describe('output', () => describeProcessOutput(suite))
    describe('pausing', () => describeProcessPause(suite))
    describe('input', () => describeProcessInput(suite))
    describe('ending', () => describeProcessEnd(suite))
    describe('signals', () => describeProcessSignals(suite))
    describe('terminal', () => describeProcessTerminal(suite))
    describe('closing', () => describeProcessClosing(suite))
  })
}
