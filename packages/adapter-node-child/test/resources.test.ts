import { readFileSync } from 'node:fs'
import process from 'node:process'
import { describe, it } from '@jest/globals'
import type { ProcessCommand } from '@hawse/core'
import { eventually, openDescriptors, portOn, run, streamKinds } from './observed-process'

const disconnect: ProcessCommand = { type: 'process.disconnect' }

describe.each(streamKinds)('on %s', (kind) => {
  it('leaves no descriptor, listener or process after 200 processes', async () => {
    await run(portOn(kind, ['true'])).untilCompleted()
    const before = held()
    for (let round = 0; round < 10; round += 1) await Promise.all(twentyProcesses(kind))
    await eventually(
      () => JSON.stringify(held()) === JSON.stringify(before),
      () => `before: ${JSON.stringify(before)}, after: ${JSON.stringify(held())}`,
    )
  })
})

/** Processes that end in every way there is. */
function twentyProcesses(kind: (typeof streamKinds)[number]): readonly Promise<void>[] {
  return Array.from({ length: 4 }, () => [
    runToEnd(['sh', '-c', 'echo out; echo err >&2; exit 3'], []),
    runToEnd(['yes'], [disconnect]),
    runToEnd(['cat'], [{ type: 'process.write', bytes: Buffer.alloc(500_000) }, disconnect]),
    runToEnd(['/no/such/program'], []),
    runToEnd(['sleep', '600'], [{ type: 'process.signal', signal: 'KILL' }]),
  ]).flat()

  function runToEnd(argv: [string, ...string[]], commands: readonly ProcessCommand[]) {
    const program = run(portOn(kind, argv))
    commands.forEach((command) => program.perform(command))
    return program.untilCompleted()
  }
}

/** What this process holds of the system. */
function held() {
  return {
    descriptorCount: openDescriptors().length,
    listenerCounts: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
    children: readFileSync('/proc/thread-self/children', 'latin1').trim(),
  }
}
