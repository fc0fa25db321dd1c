import { charactersOf } from './draft'

const colours = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'red'] as const

/** A colour for a name, always the same one. */
export function colourOf(name: string): (typeof colours)[number] {
  const sum = charactersOf(name).reduce((total, part) => total + (part.codePointAt(0) ?? 0), 0)
  return colours[sum % colours.length] ?? 'cyan'
}
