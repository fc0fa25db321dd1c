import { expect } from 'expect'
import { sshLine, withWindow } from './interactive-window'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'
import { terminalModeCases, type TerminalModeCase } from './terminal-mode-cases'
import { carriedModes, carriedSpeed } from './terminal-mode-report'

/** Each terminal mode by itself, set and unset in a real terminal of the client. */
export const terminalModeScenarios: readonly Scenario[] = Object.entries(terminalModeCases).map(
  ([subject, cases]) =>
    scenario(`carries ${subject} one by one`, [15], (context) => carryEach(context, cases), {
      programs: ['tmux'],
    }),
)

/** All in one window and, to be quick, over one connection; each session has the terminal as it then is. */
async function carryEach(
  context: ScenarioContext,
  cases: readonly TerminalModeCase[],
): Promise<void> {
  const { folder } = context
  const file = (side: string, index: number): string => folder.file(`${side}.${index}`)
  const control = ['-o', `ControlPath=${folder.file('control')}`]
  const master = sshLine(context, [], [...control, '-M', '-N', '-f', '-o', 'ControlPersist=yes'])
  const lines = cases.map(({ words }, index) => {
    const ssh = sshLine(context, [`stty -a > ${file('remote', index)}`], [...control, '-t', '-q'])
    return `stty ${words}; stty -a > ${file('local', index)}; ${ssh} || exit 1; stty $modes`
  })
  const end = `${sshLine(context, [], [...control, '-q', '-O', 'exit'])}; (exit 4)`
  const script = [`modes=$(stty -g); ${master} || exit 1`, ...lines, end].join('\n')
  await withWindow(context, `(${script})`, async (window) => {
    expect(await window.waitForExitCode()).toBe(4)
  })
  const report = (side: string): unknown[] =>
    cases.map(({ opcode, words }, index) => ({ opcode, words, ...modes(file(side, index)) }))
  expect(report('remote')).toEqual(report('local'))
  cases.forEach(({ seen }, index) => {
    const { speed, all } = modes(file('remote', index))
    expect([speed, ...all]).toContain(seen)
  })
}

function modes(file: string): { readonly speed: string; readonly all: readonly string[] } {
  return { speed: carriedSpeed(file), all: carriedModes(file) }
}
