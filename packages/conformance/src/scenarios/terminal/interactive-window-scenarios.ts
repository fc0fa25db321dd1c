import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect } from 'expect'
import type { TerminalWindow } from '../../peers/terminal-window'
import {
  enter,
  enterAndWait,
  leave,
  readyPrompt,
  sshLine,
  withShell,
  withWindow,
} from './interactive-window'
import { expectSameBytes } from '../same-bytes'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

const needs = { programs: ['tmux', 'bash'] }

/** A window that changes, that is pasted into, and two of them side by side. */
export const windowScenarios: readonly Scenario[] = [
  scenario('keeps the last of 200 sizes given at once', [13], survive('sleep .01'), needs),
  scenario(
    'keeps the last of 200 sizes while output floods',
    [13, 16],
    survive('echo $((n += 1))'),
    needs,
  ),
  scenario('tells the program in front that the window changed', [13], followInFront, needs),
  scenario('takes a paste of 1 MB into a program exactly', [10, 16], takePaste, needs),
  scenario('keeps the terminals of two people apart', [9, 10], keepApart, needs),
]

/** Changes sizes while the program says something over and over, until the last size has come. */
function survive(work: string): Scenario['run'] {
  return async (context) => {
    const file = context.folder.file('size')
    const loop = `echo "go""es"; until [ "$(stty size)" = "41 141" ]; do ${work}; done; stty size > ${file}; exit 5`
    await withWindow(context, sshLine(context, [loop], ['-t']), async (window) => {
      await window.waitForText(/goes|^\d+$/m)
      await changeSizes(window.terminalName(), 200)
      expect(await window.waitForExitCode()).toBe(5)
    })
    expect(readFileSync(file, 'utf8')).toBe('41 141\n')
  }
}

/**
 * Gives the terminal sizes as fast as it takes them, the last of them 41 rows and 141 columns.
 *
 * Not through tmux, which lets its programs see few of many changes.
 */
async function changeSizes(terminalName: string, count: number): Promise<void> {
  const script = `i=0; while [ $i -lt ${count} ]; do i=$((i + 1))
stty rows $((41 + (${count} - i) % 7)) cols $((141 + ${count} - i)); done`
  await promisify(execFile)('sh', ['-c', `exec <${terminalName}; ${script}`])
}

async function followInFront(context: ScenarioContext): Promise<void> {
  await withShell(context, async (window) => {
    const program = `sh -c 'trap "echo seen; stty size; exit 9" WINCH; echo wai""ting; while :; do sleep .05; done'`
    await enterAndWait(window, `trap 'echo "shell ""saw it"' WINCH; ${program}`, /^waiting$/m)
    window.resize(90, 25)
    await window.waitForText(/^seen\n25 90$/m)
    await enterAndWait(window, 'echo "left with ""$?"; stty size', /^left with 9\n25 90$/m)
    expect(await leave(window, 4)).toBe(4)
  })
}

async function takePaste(context: ScenarioContext): Promise<void> {
  const source = context.folder.file('source')
  const target = context.folder.file('target')
  const lines = Array.from({ length: 11_000 }, () => randomBytes(48).toString('hex'))
  writeFileSync(source, `${lines.join('\n')}\n`)
  await withShell(context, async (window) => {
    await enterAndWait(window, `stty -echo; echo "go""es"; cat > ${target}`, /^goes$/m)
    window.paste(source)
    window.press('C-d')
    await window.waitForText(readyPrompt)
    enter(window, 'exit 3')
    expect(await window.waitForExitCode()).toBe(3)
  })
  expectSameBytes(readFileSync(target), readFileSync(source))
}

async function keepApart(context: ScenarioContext): Promise<void> {
  const talk = async (window: TerminalWindow, word: string): Promise<string> => {
    for (let round = 1; round <= 10; round += 1) {
      await enterAndWait(
        window,
        `echo "${word}:""${round}"; tty`,
        new RegExp(`^${word}:${round}$`, 'm'),
      )
    }
    await window.waitForText(readyPrompt)
    return window.screen()
  }
  await withShell(
    context,
    (first) =>
      withShell(
        context,
        async (second) => {
          const [one, two] = await Promise.all([talk(first, 'alpha'), talk(second, 'omega')])
          expect(one).not.toContain('omega')
          expect(two).not.toContain('alpha')
          expect(terminalOf(one)).not.toBe(terminalOf(two))
          expect([await leave(first, 3), await leave(second, 4)]).toEqual([3, 4])
        },
        { name: 'second' },
      ),
    { name: 'first' },
  )
}

function terminalOf(screen: string): string | undefined {
  return /^\/dev\/pts\/\d+$/m.exec(screen)?.[0]
}
