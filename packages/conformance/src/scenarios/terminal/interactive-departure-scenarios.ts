import { readFileSync, writeFileSync } from 'node:fs'
import { waitUntil } from '@hawse/port-conformance'
import { expect } from 'expect'
import { isRunning, killPrinted } from '../../peers/processes'
import { waitForFile } from '../session/disconnect-scenarios'
import { enter, enterAndWait, withShell } from './interactive-window'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

const needs = { programs: ['tmux', 'bash'] }

/** A person who goes without a word to the shell: by ssh's own escape, or by closing the window. */
export const departureScenarios: readonly Scenario[] = [
  scenario('hangs up the shell when the client leaves by its escape', [25], escapeShell, needs),
  ...['vim -u NONE -N', 'less'].map((program) =>
    scenario(
      `hangs up ${program.split(' ')[0]} when the window closes`,
      [25],
      (context) => closeWindowOf(context, program),
      { programs: ['tmux', program.split(' ')[0] ?? ''] },
    ),
  ),
  scenario('lets a job under nohup live on when the client leaves', [25], keepJob, needs),
]

async function escapeShell(context: ScenarioContext): Promise<void> {
  const file = context.folder.file('hangup')
  await withShell(context, async (window) => {
    await enterAndWait(window, `trap 'echo hup > ${file}' HUP; echo "trap""ped"`, /^trapped$/m)
    window.press('Enter')
    window.type('~.')
    expect(await window.waitForExitCode()).toBe(255)
    await waitForFile(file)
  })
}

async function closeWindowOf(context: ScenarioContext, program: string): Promise<void> {
  const file = context.folder.file('text')
  writeFileSync(file, 'a line of text\n')
  const marked = `${program} ${file}`
  await withShell(context, async (window) => {
    enter(window, marked)
    await waitUntil(
      () => isRunning(marked),
      () => `"${marked}" should run, the window shows:\n${window.screen()}`,
    )
    await window.waitForText(/^a line of text$/m)
  })
  await waitUntil(
    () => !isRunning(marked),
    () => `"${marked}" should end when its window is closed`,
  )
}

async function keepJob(context: ScenarioContext): Promise<void> {
  const file = context.folder.file('number')
  const job = `sleep 300.${Math.floor(Math.random() * 1e9)}`
  await withShell(context, async (window) => {
    enter(window, `trap 'echo > ${file}.hup' HUP; nohup ${job} >/dev/null 2>&1 & echo $! > ${file}`)
    await waitUntil(
      () => isRunning(job),
      () => `${job} should run`,
    )
    await waitForFile(file)
    window.press('Enter')
    window.type('~.')
    expect(await window.waitForExitCode()).toBe(255)
  })
  await waitForFile(`${file}.hup`)
  expect(isRunning(job)).toBe(true)
  killPrinted(readFileSync(file, 'utf8').trim())
}
