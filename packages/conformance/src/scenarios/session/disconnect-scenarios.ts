import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { waitUntil } from '@hawse/port-conformance'
import { expect } from 'expect'
import { isRunning } from '../../peers/processes'
import { startClient } from '../../servers/run-client'
import { sshArguments } from '../../servers/server-under-test'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** The client dies without a word: what becomes of the program. */
export const disconnectScenarios: readonly Scenario[] = [
  scenario('ends a writing program when its client is killed', [25], async (context) => {
    const program = `yes ${randomUUID()}`
    await killClientOf(context, `exec ${program}`)
    await waitUntil(
      () => !isRunning(program),
      () => `"${program}" should end after the death of its client`,
    )
  }),
  scenario('ends the input of a program when its client is killed', [25], async (context) => {
    const file = context.folder.file('end')
    await killClientOf(context, `trap '' PIPE; echo ready; cat; echo end > ${file}`)
    await waitForFile(file)
  }),
  scenario('lets a silent program live on when its client is killed', [25], async (context) => {
    const { folder } = context
    const wait = folder.waitFor('go')
    await killClientOf(context, `echo ready; ${wait}; : > ${folder.file('end')}`)
    expect(existsSync(folder.file('end'))).toBe(false)
    writeFileSync(folder.file('go'), '')
    await waitForFile(folder.file('end'))
  }),
  scenario(
    'hangs up the terminal when its client is killed',
    [25],
    async (context) => {
      const file = context.folder.file('hup')
      const command = `trap 'echo hup > ${file}; exit' HUP; echo ready; while :; do sleep .05; done`
      await killClientOf(context, command, ['-tt'])
      await waitForFile(file)
    },
    { needsTerminal: true },
  ),
  scenario(
    'hangs up a shell and its program when its client is killed',
    [25],
    async (context) => {
      const program = `sleep 600.${Math.floor(Math.random() * 1e9)}`
      await killClientOf(context, `echo ready; ${program}; echo over`, ['-tt'])
      await waitUntil(
        () => !isRunning(program),
        () => `"${program}" should end after the death of its client`,
      )
    },
    { needsTerminal: true },
  ),
]

/** Runs a command until it says something, and then kills its client. */
export async function killClientOf(
  { server }: ScenarioContext,
  command: string,
  options: readonly string[] = [],
): Promise<void> {
  const args = sshArguments(server, [command], options)
  const client = startClient('ssh', args, { input: null })
  await firstOutput(client)
  client.kill('SIGKILL')
  await once(client, 'close')
}

async function firstOutput(client: ChildProcess): Promise<void> {
  if (client.stdout === null) throw new Error('the client has no stdout')
  await once(client.stdout, 'data')
  client.stdout.resume()
}

/** Waits until a program has written a file. */
export function waitForFile(file: string): Promise<void> {
  return waitUntil(
    () => existsSync(file),
    () => `the program should write ${file}`,
  )
}
