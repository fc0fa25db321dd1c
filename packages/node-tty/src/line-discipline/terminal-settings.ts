import { terminalModeNames, type TerminalModes } from '@hawse/core'

/** The flags of a terminal that this line discipline knows, by their POSIX names. */
const flagDefaults = {
  ISTRIP: false,
  INLCR: false,
  IGNCR: false,
  ICRNL: true,
  IUCLC: false,
  IUTF8: false,
  ISIG: true,
  ICANON: true,
  ECHO: true,
  ECHOE: true,
  ECHOK: true,
  ECHONL: false,
  ECHOCTL: true,
  ECHOKE: true,
  NOFLSH: false,
  IEXTEN: true,
  OPOST: true,
  OLCUC: false,
  ONLCR: true,
  OCRNL: false,
  ONOCR: false,
  ONLRET: false,
}

/** Its control characters, as codes; 255 is none. */
const characterDefaults = {
  VINTR: 3,
  VQUIT: 28,
  VERASE: 127,
  VKILL: 21,
  VEOF: 4,
  VEOL: 255,
  VEOL2: 255,
  VSUSP: 26,
  VREPRINT: 18,
  VWERASE: 23,
  VLNEXT: 22,
}

/** Every setting of a terminal: flags, and control characters. */
export type TerminalSettings = Readonly<typeof flagDefaults & typeof characterDefaults>

/**
 * The settings that a client's modes ask for (RFC 4254 section 8), those of a Linux terminal where it asks for none.
 *
 * Without effect are: flow control (IXON and its kin), parity, speeds, XCASE, PARMRK and job control.
 */
export function terminalSettings(modes: TerminalModes): TerminalSettings {
  const settings: Record<string, number | boolean> = { ...flagDefaults, ...characterDefaults }
  for (const [opcode, value] of modes) {
    const name = terminalModeNames.get(opcode)
    if (name === undefined || !(name in settings)) continue
    settings[name] = typeof settings[name] === 'boolean' ? value !== 0 : Math.min(value, unused)
  }
  return settings as TerminalSettings
}

/** RFC 4254 section 8: a character that is not used. */
const unused = 255

/**
 * Every byte at once and as it is: no editing, echo or signals. As with `setRawMode` of Node, newlines of output still go
 * to the beginning of the next line, which programs for Node rely on.
 */
export function rawSettings(settings: TerminalSettings): TerminalSettings {
  return { ...settings, ...raw }
}

const raw = {
  ICRNL: false,
  ISTRIP: false,
  ICANON: false,
  ECHO: false,
  IEXTEN: false,
  ISIG: false,
  ONLCR: true,
}
