/** Why the server did not start: one line for the person who started it, and the exit code to end with. */
export class StartError extends Error {
  override readonly name = 'StartError'
  /** 2 for a wrong option, 1 for anything else. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** A wrong option: what was given, what was expected, what to do. */
export function usageError(message: string): StartError {
  return new StartError(message, 2)
}

/** The text of anything thrown, on one line. */
export function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return text.replace(/\s*\n\s*/g, ' ')
}
