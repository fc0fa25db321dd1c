/** How `stty` names a terminal mode. */
export interface TerminalModeWord {
  readonly kind: 'character' | 'flag'
  readonly word: string
  /** Where `stty` knows the word and a pseudo-terminal can do it. */
  readonly platforms: 'all' | 'linux' | 'bsd'
}

/**
 * Terminal modes by opcode (RFC 4254 section 8; 42 from RFC 8160) and what `stty` calls them.
 *
 * Missing on Linux: 15 VFLUSH and 62 PENDIN have no word; CS7 (90) and PARENB (92) are refused by its
 * pseudo-terminals, which are always 8 bits without parity. CS8 (91) and the speeds (128, 129) are not
 * flags and are treated apart.
 */
export const terminalModeTable: ReadonlyMap<number, TerminalModeWord> = new Map([
  ...characters('all', {
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
  }),
  ...characters('bsd', { 11: 'dsusp', 17: 'status' }),
  ...characters('linux', { 16: 'swtch' }),
  ...flags('all', {
    30: 'ignpar',
    31: 'parmrk',
    32: 'inpck',
    33: 'istrip',
    34: 'inlcr',
    35: 'igncr',
    36: 'icrnl',
    38: 'ixon',
    39: 'ixany',
    40: 'ixoff',
    41: 'imaxbel',
    42: 'iutf8',
    50: 'isig',
    51: 'icanon',
    53: 'echo',
    54: 'echoe',
    55: 'echok',
    56: 'echonl',
    57: 'noflsh',
    58: 'tostop',
    59: 'iexten',
    60: 'echoctl',
    61: 'echoke',
    70: 'opost',
    72: 'onlcr',
    73: 'ocrnl',
    74: 'onocr',
    75: 'onlret',
    93: 'parodd',
  }),
  ...flags('linux', { 37: 'iuclc', 52: 'xcase', 71: 'olcuc' }),
  ...flags('bsd', { 62: 'pendin', 92: 'parenb' }),
])

type Words = Readonly<Record<number, string>>
type Entry = readonly [number, TerminalModeWord]

function characters(platforms: TerminalModeWord['platforms'], words: Words): readonly Entry[] {
  return entries('character', platforms, words)
}

function flags(platforms: TerminalModeWord['platforms'], words: Words): readonly Entry[] {
  return entries('flag', platforms, words)
}

function entries(
  kind: TerminalModeWord['kind'],
  platforms: TerminalModeWord['platforms'],
  words: Words,
): readonly Entry[] {
  return Object.entries(words).map(([opcode, word]) => [Number(opcode), { kind, word, platforms }])
}
