import { readFileSync } from 'node:fs'

/** What a file with `stty -a` says, without its first line: speed, size and line discipline are apart. */
export function carriedModes(file: string): readonly string[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  return lines.flatMap((line) => line.split(line.includes('=') ? /;\s*/ : ' ')).filter(Boolean)
}

/** The speed in a file with `stty -a`, as it says it. */
export function carriedSpeed(file: string): string {
  const [speed] = readFileSync(file, 'utf8').split(';')
  return speed ?? ''
}
