import { waitUntil } from '@hawse/port-conformance'
import { expect } from 'expect'
import { isRunning } from '../../peers/processes'
import type { TerminalWindow } from '../../peers/terminal-window'
import { enter, enterAndWait, leave, readyPrompt, withShell } from './interactive-window'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

const needs = { programs: ['tmux', 'bash'] }

/** A person who stops, continues and ends programs with keys. */
export const jobScenarios: readonly Scenario[] = [
  scenario('stops and continues jobs with keys', [14, 15], controlJobs, needs),
  scenario('quits a program with a key', [14, 15], quitProgram, needs),
  scenario(
    'ends the shell at the end of its input, with the last status',
    [10, 20],
    endShell,
    needs,
  ),
  scenario('ends the input of a program with a key', [10], endInput, needs),
  scenario('interrupts a program that floods the terminal', [14, 16], interruptFlood, needs),
]

async function controlJobs(context: ScenarioContext): Promise<void> {
  const sleep = someSleep()
  await withShell(context, async (window) => {
    expect(window.screen()).not.toMatch(/no job control|cannot set terminal process group/)
    await enterAndWait(window, 'case $- in *m*) echo moni""tored ;; esac', /^monitored$/m)
    await start(window, sleep)
    window.press('C-z')
    await window.waitForText(/^\[1\]\+ +Stopped +sleep/m)
    await enterAndWait(window, 'bg', /^\[1\]\+ sleep .* &$/m)
    await enterAndWait(window, 'jobs', /^\[1\]\+ +Running +sleep/m)
    expect(isRunning(sleep)).toBe(true)
    await enterAndWait(window, 'fg', /^sleep [\d.]+$/m)
    window.press('C-c')
    await window.waitForText(readyPrompt)
    await enterAndWait(window, 'echo "left with ""$?"', /^left with 130$/m)
    expect(isRunning(sleep)).toBe(false)
    expect(await leave(window, 3)).toBe(3)
  })
}

async function quitProgram(context: ScenarioContext): Promise<void> {
  const sleep = someSleep()
  await withShell(context, async (window) => {
    await start(window, sleep)
    window.press('C-\\')
    await window.waitForText(/\^\\Quit/)
    await enterAndWait(window, 'echo "left with ""$?"', /^left with 131$/m)
    expect(await leave(window, 4)).toBe(4)
  })
}

async function endShell(context: ScenarioContext): Promise<void> {
  await withShell(context, async (window) => {
    await enterAndWait(window, '(exit 7)', /\(exit 7\)\nready>\s*$/)
    window.press('C-d')
    expect(await window.waitForExitCode()).toBe(7)
  })
}

async function endInput(context: ScenarioContext): Promise<void> {
  await withShell(context, async (window) => {
    await enterAndWait(window, `echo "go""es"; cat | tr a-z A-Z; echo "st""atus $?"`, /^goes$/m)
    enter(window, 'some text')
    window.press('C-d')
    await window.waitForText(/^SOME TEXT\nstatus 0$/m)
    expect(await leave(window, 5)).toBe(5)
  })
}

async function interruptFlood(context: ScenarioContext): Promise<void> {
  const flood = `yes flood${process.pid}-${Math.floor(Math.random() * 1e9)}`
  await withShell(context, async (window) => {
    await start(window, flood)
    await window.waitForText(/^flood[^]*^flood/m)
    window.press('C-c')
    await waitUntil(
      () => !isRunning(flood),
      () => `${flood} should be interrupted`,
    )
    await window.waitForText(readyPrompt)
    await enterAndWait(window, 'echo "left with ""$?"', /^left with 130$/m)
    expect(await leave(window, 6)).toBe(6)
  })
}

async function start(window: TerminalWindow, commandLine: string): Promise<void> {
  enter(window, commandLine)
  await waitUntil(
    () => isRunning(commandLine),
    () => `${commandLine} should run, the window shows:\n${window.screen()}`,
  )
}

function someSleep(): string {
  return `sleep 100.${process.pid}${Math.floor(Math.random() * 1e6)}`
}
