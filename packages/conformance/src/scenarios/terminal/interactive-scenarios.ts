import { readFileSync } from 'node:fs'
import { waitUntil } from '@hawse/port-conformance'
import { expect } from 'expect'
import { isRunning } from '../../peers/processes'
import type { TerminalWindow } from '../../peers/terminal-window'
import { carriedModes } from './terminal-mode-report'
import { enter, sshLine, withWindow } from './interactive-window'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

const needsTmux = { programs: ['tmux'] }

/** A shell's prompt at the end of what the window shows. */
const prompt = /[$#%>]\s*$/

/** A person at a terminal. */
export const interactiveScenarios: readonly Scenario[] = [
  scenario('serves a person at a shell', [8, 13, 14, 20], serveShell, needsTmux),
  scenario('starts with the size and the modes of the terminal', [13, 15], compareModes, needsTmux),
  scenario('follows the window while a program runs', [13], followWindow, needsTmux),
]

async function serveShell(context: ScenarioContext): Promise<void> {
  await withWindow(context, sshLine(context, []), async (window) => {
    await window.waitForText(prompt)
    await interrupt(window)
    enter(window, 'echo "status $?" ; tty')
    await window.waitForText(/^status 130$/m)
    await window.waitForText(/^\/dev\/pts\/\d+$/m)
    enter(window, 'exit 3')
    expect(await window.waitForExitCode()).toBe(3)
  })
}

async function interrupt(window: TerminalWindow): Promise<void> {
  const sleep = `sleep 100.${process.pid}${Math.floor(Math.random() * 1e6)}`
  enter(window, sleep)
  await waitUntil(
    () => isRunning(sleep),
    () => `${sleep} should run`,
  )
  window.press('C-c')
  await waitUntil(
    () => !isRunning(sleep),
    () => `${sleep} should be interrupted`,
  )
}

async function compareModes(context: ScenarioContext): Promise<void> {
  const local = context.folder.file('local')
  const remote = context.folder.file('remote')
  const set = 'stty intr ^B erase ^H quit ^X -ixon -echoe tostop'
  const ssh = sshLine(context, [`stty -a > ${remote}; stty size > ${remote}.size; exit 4`], ['-t'])
  const line = `${set}; stty -a > ${local}; ${ssh}`
  await withWindow(context, line, async (window) => {
    expect(await window.waitForExitCode()).toBe(4)
  })
  expect(readFileSync(`${remote}.size`, 'utf8')).toBe('31 101\n')
  expect(carriedModes(remote)).toEqual(carriedModes(local))
  expect(carriedModes(remote)).toEqual(expect.arrayContaining(['intr = ^B', '-ixon', 'tostop']))
}

async function followWindow(context: ScenarioContext): Promise<void> {
  const command = `trap 'stty size' WINCH; echo ready; until [ "$(stty size)" = "28 95" ]; do sleep .05; done; echo followed; exit 5`
  await withWindow(context, sshLine(context, [command], ['-t']), async (window) => {
    await window.waitForText(/ready/)
    window.resize(70, 20)
    await window.waitForText(/20 70/)
    window.resize(95, 28)
    await window.waitForText(/followed/)
    expect(await window.waitForExitCode()).toBe(5)
  })
}
