/** What a few keys make of the line that somebody types. */
export interface Typed {
  /** Lines that were ended. */
  readonly said: readonly string[]
  /** What is not ended. */
  readonly draft: string
}

/** Adds characters; what is pasted may have several lines. */
export function typed(draft: string, input: string): Typed {
  const lines = `${draft}${input}`.split(/[\r\n]+/)
  const last = lines.pop() ?? ''
  return { said: lines.filter((line) => line !== ''), draft: last.replace(/\p{Cc}/gu, '') }
}

/** Takes the last character away as people see it: one that has several parts goes at once. */
export function withoutLast(text: string): string {
  return charactersOf(text).slice(0, -1).join('')
}

/** Characters as people see them. */
export function charactersOf(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)
}
