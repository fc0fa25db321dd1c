import type { TerminalModes } from '@hawse/core'
import { terminalModeTable } from './terminal-mode-table'

/**
 * Arguments for `stty` that set these modes, one entry per mode, each of one or two words
 * (RFC 4254 section 8). Modes that `stty` or a pseudo-terminal of this platform does not have are left out.
 */
export function terminalModeWords(
  modes: TerminalModes,
  platform: NodeJS.Platform,
): readonly (readonly string[])[] {
  const words = [...modes].flatMap(([opcode, value]) => modeWords(opcode, value, platform))
  return [...words, ...speedWords(modes)]
}

function modeWords(
  opcode: number,
  value: number,
  platform: NodeJS.Platform,
): readonly (readonly string[])[] {
  if (opcode === characterSize8) return value === 0 ? [] : [['cs8']]
  const mode = terminalModeTable.get(opcode)
  const family = platform === 'linux' ? 'linux' : 'bsd'
  if (mode === undefined || (mode.platforms !== 'all' && mode.platforms !== family)) return []
  if (mode.kind === 'character') return [[mode.word, controlCharacter(value)]]
  return [[value === 0 ? `-${mode.word}` : mode.word]]
}

/** As `stty` reads it: undefined, hat notation, the character itself, or a number. */
function controlCharacter(value: number): string {
  if (value >= disabledCharacter) return '^-'
  if (value === 127) return '^?'
  if (value < 32) return `^${String.fromCharCode(value + 64)}`
  if (value === 32 || value > 127) return `0x${value.toString(16)}`
  return String.fromCharCode(value)
}

/** One speed for both directions, for a pseudo-terminal has one. 0 would mean "hang up" and is left out. */
function speedWords(modes: TerminalModes): readonly (readonly string[])[] {
  const wanted = [outputSpeed, inputSpeed].map((opcode) => modes.get(opcode))
  const speed = wanted.find((value) => value !== undefined && speeds.has(value))
  return speed === undefined ? [] : [[String(speed)]]
}

/** RFC 4254 section 8: 255 means that the character is not used. */
const disabledCharacter = 255
const characterSize8 = 91
const inputSpeed = 128
const outputSpeed = 129

/** What `stty` takes, in bits per second; it refuses any other number. */
const speeds: ReadonlySet<number> = new Set([
  50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19_200, 38_400, 57_600,
  115_200, 230_400, 460_800, 500_000, 576_000, 921_600, 1_000_000, 1_152_000, 1_500_000, 2_000_000,
  2_500_000, 3_000_000, 3_500_000, 4_000_000,
])
