import { describe, expect, it } from '@jest/globals'
import { startCommand } from '../src/start-script'
import { terminalModeTable } from '../src/terminal-mode-table'
import { terminalModeWords } from '../src/terminal-mode-words'
import { runInTerminal, terminalRequest } from './support/terminal-run'

/** What `stty -a` shows from inside a terminal with these modes; in lower case, for OLCUC changes it itself. */
async function shown(modes: ReadonlyMap<number, number>): Promise<string> {
  const run = runInTerminal(['stty', '-a'], { pty: terminalRequest({ modes }) })
  await run.over()
  return ` ${run.text().toLowerCase().replaceAll(/\s+/g, ' ')}`
}

const linuxModes = [...terminalModeTable].filter(([, mode]) => mode.platforms !== 'bsd')
const linuxFlags = linuxModes.filter(([, mode]) => mode.kind === 'flag')
const linuxCharacters = linuxModes.filter(([, mode]) => mode.kind === 'character')

describe('terminal modes', () => {
  it.each(linuxFlags)(
    'sets and clears flag %i as the program sees it',
    async (opcode, { word }) => {
      expect(await shown(new Map([[opcode, 1]]))).toContain(` ${word} `)
      expect(await shown(new Map([[opcode, 0]]))).toContain(` -${word} `)
    },
  )

  it.each(linuxCharacters)('sets and disables character %i', async (opcode, { word }) => {
    expect(await shown(new Map([[opcode, 0x07]]))).toContain(` ${word} = ^g;`)
    expect(await shown(new Map([[opcode, 255]]))).toContain(` ${word} = <undef>;`)
  })

  it.each([
    [1, '^A'],
    [27, '^['],
    [32, ' '],
    [39, "'"],
    [42, '*'],
    [45, '-'],
    [65, 'A'],
    [94, '^'],
    [127, '^?'],
    [128, 'M-^@'],
    [228, 'M-d'],
    [254, 'M-~'],
  ])('takes %i as a control character', async (code, notation) => {
    const modes = new Map([[1, code]])
    const run = runInTerminal(['stty', '-a'], { pty: terminalRequest({ modes }) })
    await run.over()
    expect(run.text()).toContain(`intr = ${notation};`)
  })

  it('sets every mode of a request at once', async () => {
    const flags = linuxFlags.map(([opcode], index) => [opcode, index % 2] as const)
    const letters = linuxCharacters.map(([opcode], index) => [opcode, index + 1] as const)
    const text = await shown(new Map([...flags, ...letters, [128, 19_200], [129, 19_200]]))
    linuxFlags.forEach(([, { word }], index) => {
      expect(text).toContain(index % 2 === 1 ? ` ${word} ` : ` -${word} `)
    })
    linuxCharacters.forEach(([, { word }], index) => {
      expect(text).toContain(` ${word} = ^${String.fromCharCode(97 + index)};`)
    })
    expect(text).toContain(' speed 19200 baud;')
  })

  it('skips opcodes and speeds that the platform does not have', async () => {
    const modes = new Map([
      [1, 7],
      [11, 25],
      [15, 15],
      [62, 1],
      [90, 1],
      [92, 1],
      [150, 1],
      [128, 1234],
      [129, 0],
      [53, 0],
    ])
    expect(terminalModeWords(modes, 'linux')).toEqual([['intr', '^G'], ['-echo']])
    const text = await shown(modes)
    expect(text).toContain(' intr = ^g;')
    expect(text).toContain(' -echo ')
    expect(text).toContain(' speed 38400 baud;')
  })

  it('keeps the other modes when stty refuses one', async () => {
    const { file, arguments: words } = startCommand({
      terminalName: '/dev/tty',
      modeWords: [['intr', '^G'], ['nonsense'], ['-echo']],
      argv: ['stty', '-a'],
      argv0: undefined,
      env: {},
    })
    const quoted = [file, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
    const run = runInTerminal(['/bin/bash', '-c', `exec 3>/dev/null; ${quoted.join(' ')}`])
    await run.over()
    expect(run.text()).toContain('intr = ^G;')
    expect(run.text()).toContain(' -echo ')
  })
})
