import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { waitUntil } from '@hawse/port-conformance'
import { expect } from 'expect'
import {
  enter,
  enterAndWait,
  leave,
  readyPrompt,
  waitForAbsence,
  windowSize,
  withShell,
} from './interactive-window'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** A person in programs that take the whole screen. */
export const fullScreenScenarios: readonly Scenario[] = [
  scenario('edits a file with vim', [10, 15, 20], editWithVim, { programs: ['tmux', 'vim'] }),
  scenario('edits a file with nano', [10, 15, 20], editWithNano, { programs: ['tmux', 'nano'] }),
  scenario('reads a file with less', [10, 15, 20], readWithLess, { programs: ['tmux', 'less'] }),
  scenario('watches processes with top', [10, 15, 20], watchWithTop, { programs: ['tmux', 'top'] }),
  scenario('watches processes with htop', [10, 15, 20], watchWithHtop, {
    programs: ['tmux', 'htop'],
  }),
]

async function editWithVim(context: ScenarioContext): Promise<void> {
  const file = writableFile(context, 'one\ntwo\nthree\n')
  await withShell(context, async (window) => {
    await enterAndWait(window, `echo "term""inal $TERM"`, /^terminal (screen|tmux)/m)
    await enterAndWait(window, `vim -u NONE -N ${file}`, /^three\n~\n/m)
    window.press('G', 'o')
    await window.waitForText(/-- INSERT --/)
    window.type('four, added')
    window.press('Escape')
    await waitForAbsence(window, /-- INSERT --/)
    window.press('g', 'g', 'd', 'd', 'j', 'A')
    await window.waitForText(/-- INSERT --/)
    window.type(' and a half')
    window.press('Escape')
    await waitForAbsence(window, /-- INSERT --/)
    expect(window.screen()).toMatch(/^two\nthree and a half\nfour, added\n~\n/)
    enter(window, ':wq')
    await window.waitForText(readyPrompt)
    expect(await leave(window, 3)).toBe(3)
  })
  expect(readFileSync(file, 'utf8')).toBe('two\nthree and a half\nfour, added\n')
}

async function editWithNano(context: ScenarioContext): Promise<void> {
  const file = writableFile(context, 'one\ntwo\n')
  await withShell(context, async (window) => {
    await enterAndWait(window, `nano -I ${file}`, /GNU nano[^]*^one$\n^two$[^]*\^X Exit/m)
    window.press('End')
    window.type(' and more')
    window.press('Down', 'End', 'Enter')
    window.type('three')
    await window.waitForText(/^one and more$\n^two$\n^three$/m)
    window.press('C-o')
    await window.waitForText(/File Name to Write/)
    window.press('Enter')
    await window.waitForText(/Wrote 3 lines/)
    window.press('C-x')
    await window.waitForText(readyPrompt)
    expect(await leave(window, 4)).toBe(4)
  })
  expect(readFileSync(file, 'utf8')).toBe('one and more\ntwo\nthree\n')
}

async function readWithLess(context: ScenarioContext): Promise<void> {
  const lines = Array.from({ length: 500 }, (_, index) => `line ${index + 1}\n`)
  const file = writableFile(context, lines.join(''))
  const page = windowSize.rows - 1
  await withShell(context, async (window) => {
    await enterAndWait(window, `less ${file}`, new RegExp(`^line 1\n[^]*\nline ${page}\n`))
    window.press('Space')
    await window.waitForText(new RegExp(`^line ${page + 1}\n[^]*\nline ${2 * page}\n`))
    window.press('b')
    await window.waitForText(/^line 1\n/)
    enter(window, '/line 400')
    await window.waitForText(/^line 400\n/)
    window.press('G')
    await window.waitForText(/^line 500\n.*\(END\)/m)
    window.press('q')
    await window.waitForText(readyPrompt)
    expect(await leave(window, 5)).toBe(5)
  })
}

async function watchWithTop(context: ScenarioContext): Promise<void> {
  await withShell(context, async (window) => {
    await enterAndWait(window, 'top -d 0.3', /^top - [\d:]+ up[^]*^ *PID USER/m)
    const clock = /^top - [\d:]+/.exec(window.screen())?.[0]
    await waitUntil(
      () => {
        const now = /^top - [\d:]+/.exec(window.screen())?.[0]
        return now !== undefined && now !== clock
      },
      () => `top should show another time than ${clock}, the window shows:\n${window.screen()}`,
    )
    window.press('q')
    await window.waitForText(readyPrompt)
    expect(await leave(window, 6)).toBe(6)
  })
}

async function watchWithHtop(context: ScenarioContext): Promise<void> {
  await withShell(context, async (window) => {
    await enterAndWait(window, 'htop', /Load average[^]*F1Help.*F10Quit/)
    window.press('F1')
    await window.waitForText(/Press any key to return/)
    window.press('x')
    await window.waitForText(/Load average[^]*F1Help.*F10Quit/)
    window.press('F10')
    await window.waitForText(readyPrompt)
    expect(await leave(window, 7)).toBe(7)
  })
}

function writableFile({ folder }: ScenarioContext, content: string): string {
  const file = folder.file('text')
  writeFileSync(file, content)
  chmodSync(file, 0o666)
  return file
}
