const colours = new RegExp(String.raw`\u001b\[[0-9;]*m`, 'g')

const longestReason = 120

/** What a failed assertion or a refusal says, in one short line without colours and paths of the machine. */
export function reasonInALine(error: unknown): string {
  const text = textOf(error).replaceAll(colours, '')
  const expectation = /Expected[^:\n]*: +(.+)\n+ *Received[^:\n]*: +(.+)/.exec(text)
  const difference = changedLines(text)
  const line =
    expectation !== null
      ? `expected ${expectation[1]}, got ${expectation[2]}`
      : (difference ?? text.split('\n')[0] ?? '')
  return shorten(withoutChance(line))
}

/** The lines of a printed difference, between objects or between texts of several lines. */
function changedLines(text: string): string | undefined {
  const marked = (mark: string): readonly string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${mark} `) && !/^. (Expected|Received) /.test(line))
      .map((line) => line.slice(1).trim().replace(/,$/, ''))
  const expected = marked('-')
  const got = marked('+')
  if (expected.length === 0 && got.length === 0) return undefined
  return `expected ${expected.join(', ') || 'nothing'}, got ${got.join(', ') || 'nothing'}`
}

/** Names of temporary folders and numbers of ports change with each run and say nothing. */
function withoutChance(line: string): string {
  return line
    .replaceAll(/\/tmp\/hawse-\w+/g, 'FOLDER')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function shorten(line: string): string {
  return line.length <= longestReason ? line : `${line.slice(0, longestReason)}...`
}

/** Under jest an error of another realm is no instance of `Error`. */
function textOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error
  return String(hasMessage ? error.message : error)
}
