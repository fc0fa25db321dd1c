import { spawnSync } from 'node:child_process'
import type { ReadStream } from 'node:tty'
import { terminalModeNames, type TerminalModes } from '@hawse/core'

/** Runs `stty` on a terminal; gives what it prints, nothing where it cannot. */
export function stty(
  terminal: ReadStream & { readonly fd: number },
  ...args: readonly string[]
): string {
  const stdio = [terminal.fd, 'pipe', 'ignore'] as const
  const env = { ...process.env, LC_ALL: 'C' }
  const { status, stdout } = spawnSync('stty', args, { stdio: [...stdio], env, encoding: 'utf8' })
  return status === 0 ? stdout : ''
}

/** The modes that `stty -a` prints, by opcode (RFC 4254 section 8; 42 from RFC 8160). */
export function parseTerminalModes(printed: string): TerminalModes {
  const characters = new Map(
    [...printed.matchAll(/(\w+) = (\S+?);/g)].map(([, word = '', value = '']) => [word, value]),
  )
  const flags = new Map(
    [...printed.matchAll(/(?<=^|\s)(-?)(\w+)(?=\s|$)/gm)].map(([, minus, word = '']) => [
      word,
      minus === '',
    ]),
  )
  const modes = [...terminalModeNames].flatMap(
    ([opcode, name]): readonly (readonly [number, number])[] => {
      const word = wordOf(name)
      const [character, flag] = [characters.get(word), flags.get(word)]
      if (isCharacter(opcode)) return character === undefined ? [] : [[opcode, codeOf(character)]]
      return flag === undefined ? [] : [[opcode, flag ? 1 : 0]]
    },
  )
  const [, speed] = /speed (\d+) baud/.exec(printed) ?? []
  const speeds =
    speed === undefined
      ? []
      : ([128, 129] as const).map((opcode) => [opcode, Number(speed)] as const)
  return new Map([...modes, ...speeds])
}

/** Opcodes from 1 to 18 are control characters, the others flags; but for 128 and 129, which are speeds. */
function isCharacter(opcode: number): boolean {
  return opcode < 30
}

/** What `stty` calls a mode: the POSIX name in small letters, without the V of a control character. */
function wordOf(name: string): string {
  return name === 'VREPRINT' ? 'rprnt' : name.replace(/^V/, '').toLowerCase()
}

/** `^C`, `^?`, `M-^?`, a character itself, or `<undef>`, which is 255. */
function codeOf(shown: string): number {
  if (shown === '<undef>') return 255
  if (shown.startsWith('M-')) return 128 + codeOf(shown.slice(2))
  if (shown === '^?') return 127
  return shown.length > 1 && shown.startsWith('^') ? shown.charCodeAt(1) & 31 : shown.charCodeAt(0)
}
