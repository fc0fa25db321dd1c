import type { OutputName } from '../ports/process-port'

/**
 * The outputs of a process: each is open, or cut (nobody wants its bytes any more), or ended.
 * EOF is owed once when all have ended; an output the process does not have counts as ended.
 */
export interface OutputEnds {
  readonly stdout: OutputEnd
  readonly stderr: OutputEnd
}

/** The end of one output. */
export type OutputEnd = 'open' | 'cut' | 'ended'

/** The outputs that a started process has. */
export function openOutputs(outputs: readonly OutputName[]): OutputEnds {
  return {
    stdout: outputs.includes('stdout') ? 'open' : 'ended',
    stderr: outputs.includes('stderr') ? 'open' : 'ended',
  }
}

/** Notes that an output ended; the same output twice changes nothing. */
export function endOutput(ends: OutputEnds, output: OutputName): OutputEnds {
  return ends[output] === 'ended' ? ends : { ...ends, [output]: 'ended' }
}

/** Notes that nobody wants an output any more; it still has to end. */
export function cutOutput(ends: OutputEnds, output: OutputName): OutputEnds {
  return ends[output] === 'open' ? { ...ends, [output]: 'cut' } : ends
}

/** Whether every output has ended. */
export function haveAllEnded(ends: OutputEnds): boolean {
  return ends.stdout === 'ended' && ends.stderr === 'ended'
}

/** The outputs that have not ended. */
export function remainingOutputs(ends: OutputEnds): readonly OutputName[] {
  return outputNames.filter((output) => ends[output] !== 'ended')
}

const outputNames: readonly OutputName[] = ['stdout', 'stderr']
