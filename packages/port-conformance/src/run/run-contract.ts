import { describe } from '../test-framework'
import type { MakeProcess, ProcessCapabilities } from '../process/process-suite'
import { describeRunEndings } from './run-endings'
import { describeRunFlow } from './run-flow'
import { describeRunPipelines } from './run-pipelines'
import { describeRunResults } from './run-results'
import { describeRunStreams } from './run-streams'
import { createRunSuite } from './run-suite'

/**
 * What `run`, `stream`, `redirect` and `runPipeline` do with the processes of one adapter, asked of real POSIX programs.
 *
 * `makeProcess` is as `describeProcessPort` takes it.
 */
export function describeRun(
  name: string,
  makeProcess: MakeProcess,
  capabilities: ProcessCapabilities,
): void {
  describe(`running ${name}`, () => {
    const suite = createRunSuite(makeProcess, capabilities)
    describe('results', () => describeRunResults(suite))
    describe('endings', () => describeRunEndings(suite))
    describe('streams', () => describeRunStreams(suite))
    describe('flow', () => describeRunFlow(suite))
    // End of input reaches nothing on a terminal: one can only be the first of a pipeline.
    if (!capabilities.isTerminal) describe('pipelines', () => describeRunPipelines(suite))
  })
}
