/** One terminal mode as a client can have it, and what a session's program then sees. */
export interface TerminalModeCase {
  /** Its opcode in RFC 4254 section 8, or RFC 8160. */
  readonly opcode: number
  /** What the client's terminal is told, in words of `stty`. */
  readonly words: string
  /** What `stty -a` of the program says. */
  readonly seen: string
}

const characterNames: Readonly<Record<number, string>> = {
  1: 'intr',
  2: 'quit',
  3: 'erase',
  4: 'kill',
  5: 'eof',
  6: 'eol',
  7: 'eol2',
  8: 'start',
  9: 'stop',
  10: 'susp',
  12: 'rprnt',
  13: 'werase',
  14: 'lnext',
  18: 'discard',
}

const inputFlags: Readonly<Record<number, string>> = {
  30: 'ignpar',
  31: 'parmrk',
  32: 'inpck',
  33: 'istrip',
  34: 'inlcr',
  35: 'igncr',
  36: 'icrnl',
  37: 'iuclc',
  38: 'ixon',
  39: 'ixany',
  40: 'ixoff',
  41: 'imaxbel',
  42: 'iutf8',
}

const lineFlags: Readonly<Record<number, string>> = {
  50: 'isig',
  51: 'icanon',
  52: 'xcase',
  53: 'echo',
  54: 'echoe',
  55: 'echok',
  56: 'echonl',
  57: 'noflsh',
  58: 'tostop',
  59: 'iexten',
  60: 'echoctl',
  61: 'echoke',
}

const outputFlags: Readonly<Record<number, string>> = {
  70: 'opost',
  71: 'olcuc',
  72: 'onlcr',
  73: 'ocrnl',
  74: 'onocr',
  75: 'onlret',
  93: 'parodd',
}

const speeds = [50, 134, 1200, 9600, 38_400, 115_200, 230_400]

/** Every mode that a terminal of Linux can have, by subject, set and unset. */
export const terminalModeCases: Readonly<Record<string, readonly TerminalModeCase[]>> = {
  'control characters': characters(['^B', '^B'], ['undef', '<undef>']),
  'printed control characters': characters(['Z', 'Z'], ['^?', '^?']),
  'control characters above 127': characters(['0xe9', 'M-i']),
  'input modes': flags(inputFlags),
  'line modes': flags(lineFlags),
  'output modes': flags(outputFlags),
  speeds: speeds.map((speed) => ({ opcode: 128, words: `${speed}`, seen: `speed ${speed} baud` })),
}

function characters(
  ...values: readonly (readonly [given: string, shown: string])[]
): readonly TerminalModeCase[] {
  return entries(characterNames).flatMap(([opcode, name]) =>
    values.map(([given, shown]) => ({
      opcode,
      words: `${name} '${given}'`,
      seen: `${name} = ${shown}`,
    })),
  )
}

function flags(names: Readonly<Record<number, string>>): readonly TerminalModeCase[] {
  return entries(names).flatMap(([opcode, name]) =>
    [name, `-${name}`].map((words) => ({ opcode, words, seen: words })),
  )
}

function entries(names: Readonly<Record<number, string>>): readonly (readonly [number, string])[] {
  return Object.entries(names).map(([opcode, name]) => [Number(opcode), name])
}
