import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'expect'
import type { TerminalWindow } from '../../peers/terminal-window'
import { enter, enterAndWait, leave, readyPrompt, withShell } from './interactive-window'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

const needs = { programs: ['tmux', 'bash'] }

/** A person who edits lines, in the shell and in the terminal's own line discipline. */
export const editingScenarios: readonly Scenario[] = [
  scenario('edits a line of the shell with keys', [10, 15], editLines, needs),
  scenario('finds earlier lines of the shell again', [10, 15], recallLines, needs),
  scenario('completes a file name in the shell', [10, 15], completeName, needs),
  scenario('edits wide characters in the shell', [7, 10, 15], editWideCharacters, needs),
  scenario('erases whole characters where the client says UTF-8', [15], eraseCharacters, needs),
  scenario('erases single bytes where the client does not say UTF-8', [15], eraseBytes, needs),
]

async function editLines(context: ScenarioContext): Promise<void> {
  await withShell(context, async (window) => {
    await edit(window, ['cho one two', 'C-a'], ['e', 'C-e'], ['X', 'Enter'], /^one twoX$/m)
    await edit(window, ['cho 1 3', 'Left'], ['2 ', 'Home'], ['e', 'Enter'], /^1 2 3$/m)
    await edit(window, ['echo kee', 'Home'], ['', 'End'], ['p', 'Enter'], /^keep$/m)
    await edit(window, ['echo left drop', 'C-w'], ['over', 'Enter'], /^left over$/m)
    await edit(window, ['nonsense', 'C-u'], ['echo cleared', 'Enter'], /^cleared$/m)
    await edit(window, ['echo righty', 'Left'], ['', 'Right'], ['', 'BSpace', 'Enter'], /^right$/m)
    expect(window.screen()).not.toMatch(/not found/)
    expect(await leave(window, 3)).toBe(3)
  })
}

/** Types texts, each followed by keys, and waits for what the line then does. */
async function edit(
  window: TerminalWindow,
  ...steps: readonly [...(readonly string[])[], RegExp]
): Promise<void> {
  for (const step of steps) {
    if (step instanceof RegExp) {
      await window.waitForText(step)
      await window.waitForText(readyPrompt)
      continue
    }
    const [text = '', ...keys] = step
    if (text !== '') window.type(text)
    if (keys.length > 0) window.press(...keys)
  }
}

async function recallLines(context: ScenarioContext): Promise<void> {
  await withShell(context, async (window) => {
    enter(window, 'count=0')
    await enterAndWait(window, 'count=$((count + 1)); echo "count is $count"', /^count is 1$/m)
    window.press('Up', 'Enter')
    await window.waitForText(/^count is 2$/m)
    await enterAndWait(window, 'echo another', /^another$/m)
    window.press('C-r')
    window.type('t=$')
    await window.waitForText(/reverse-i-search.*count=/)
    window.press('Enter')
    await window.waitForText(/^count is 3$/m)
    window.press('Up', 'Up', 'Down', 'Enter')
    await window.waitForText(/^count is 4$/m)
    expect(await leave(window, 4)).toBe(4)
  })
}

async function completeName(context: ScenarioContext): Promise<void> {
  writeFileSync(context.folder.file('completed-name.txt'), 'found it\n')
  await withShell(context, async (window) => {
    enter(window, `cd ${context.folder.path}`)
    window.type('cat compl')
    window.press('Tab')
    await window.waitForText(/^ready> cat completed-name\.txt/m)
    window.press('Enter')
    await window.waitForText(/^found it$/m)
    expect(await leave(window, 5)).toBe(5)
  })
}

const utf8Shell = { before: 'LANG=C.UTF-8; export LANG', options: ['-o', 'SendEnv=LANG'] }

async function editWideCharacters(context: ScenarioContext): Promise<void> {
  const file = context.folder.file('wide')
  await withShell(
    context,
    async (window) => {
      await enterAndWait(window, 'echo "[$LANG]"', /^\[C\.UTF-8\]$/m)
      window.type('echo 日語😀')
      window.press('BSpace', 'Left')
      window.type('本')
      window.press('End')
      window.type(`éx`)
      window.press('BSpace')
      enter(window, ` e\u0301 | tee ${file}`)
      await window.waitForText(/^日本語é e\u0301$/m)
      expect(await leave(window, 6)).toBe(6)
    },
    utf8Shell,
  )
  expect(readFileSync(file, 'utf8')).toBe('日本語é e\u0301\n')
}

async function eraseCharacters(context: ScenarioContext): Promise<void> {
  const bytes = await typeAndErase(context, 'stty iutf8')
  expect(bytes.toString()).toBe('a\nb日\ne\n')
}

async function eraseBytes(context: ScenarioContext): Promise<void> {
  const bytes = await typeAndErase(context, 'stty -iutf8')
  const half = (text: string): Buffer => Buffer.from(text).subarray(0, -1)
  const line = Buffer.from('\n')
  const lines = [half('a日'), line, half('b日😀'), line, half('e\u0301'), line]
  expect(bytes.toString('hex')).toBe(Buffer.concat(lines).toString('hex'))
}

/** Erases the last of each line's characters in the terminal's own line editor; gives what the program read. */
async function typeAndErase(context: ScenarioContext, before: string): Promise<Buffer> {
  const file = context.folder.file('erased')
  await withShell(
    context,
    async (window) => {
      await enterAndWait(window, `echo "go""es"; cat > ${file}`, /^goes$/m)
      for (const text of ['a日', 'b日😀', 'e\u0301']) {
        window.type(text)
        window.press('BSpace', 'Enter')
      }
      window.press('C-d')
      await window.waitForText(readyPrompt)
      expect(await leave(window, 7)).toBe(7)
    },
    { ...utf8Shell, before: `${utf8Shell.before}; ${before}` },
  )
  return readFileSync(file)
}
