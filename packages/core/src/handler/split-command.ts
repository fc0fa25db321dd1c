/**
 * Splits a command into words as a POSIX shell would (section 2.2): blanks separate, single quotes keep everything,
 * double quotes and backslashes keep blanks. Nothing is expanded and nothing is run. An unclosed quote ends with
 * the command.
 */
export function splitCommand(command: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (const token of command.matchAll(tokens)) {
    if (token.groups?.['blank'] === undefined) {
      word = (word ?? '') + textOf(token)
    } else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

const tokens =
  /(?<blank>\s+)|'(?<single>[^']*)'?|"(?<double>(?:\\[\s\S]|[^"\\])*)"?|\\(?<escaped>[\s\S]?)|(?<plain>[^\s'"\\]+)/g

function textOf(token: RegExpMatchArray): string {
  const { single, double, escaped, plain } = token.groups ?? {}
  // Between double quotes a backslash escapes only what is special there.
  return single ?? escaped ?? plain ?? double?.replace(/\\([$`"\\\n])/g, '$1') ?? ''
}
