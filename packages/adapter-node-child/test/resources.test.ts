import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { describe, expect, it } from '@jest/globals'
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

it('leaves the process free to end while nothing runs', () => {
  const output = execFileSync(process.execPath, ['-e', programOfItsOwn], { timeout: 20_000 })
  expect(output.toString()).toBe('{"type":"process.exited","outcome":{"kind":"exited","code":3}}\n')
})

/** Uses the package as built, in a process of its own. */
const programOfItsOwn = `
  const { childProcess } = require(${JSON.stringify(require.resolve('../dist/index.cjs'))})
  const port = childProcess(['sh', '-c', 'exit 3'])
  port.event$.subscribe((e) => e.type === 'process.exited' && console.log(JSON.stringify(e)))
  port.perform({ type: 'process.start' })
`

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
