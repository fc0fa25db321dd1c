import { waitUntil } from '@hawse/conformance'
import { handler, type ExitOutcome, type HandlerProgram, type TerminalRequest } from '@hawse/core'
import { sessionInMemory } from '@hawse/core/testing'

/** Somebody at a terminal on which a program runs. */
export interface TerminalUser {
  readonly type: (text: string) => void
  readonly resize: (columns: number, rows: number) => void
  /** Reads what is shown, or does not. */
  readonly look: (isLooking: boolean) => void
  /** Goes away. */
  readonly leave: () => void
  readonly screen: () => string
  readonly untilShown: (text: string) => Promise<void>
  readonly exit: () => Promise<ExitOutcome>
  /** Bytes that were typed and that the other end has taken. */
  readonly takenBytes: () => number
}

/** Runs a program for somebody, on a terminal unless it is null. */
export function terminalUser(
  program: HandlerProgram,
  pty: Partial<TerminalRequest> | null = {},
): TerminalUser {
  const process = sessionInMemory(
    { shell: handler(program) },
    { shell: true, pty: pty ?? undefined },
  )
  let screen = ''
  let takenBytes = 0
  let outcome: ExitOutcome | undefined
  process.event$.subscribe((event) => {
    if (event.type === 'process.output') screen += Buffer.from(event.bytes).toString()
    if (event.type === 'process.inputWritten') takenBytes += event.byteCount
    if (event.type === 'process.exited') outcome = event.outcome
  })
  process.perform({ type: 'process.start' })
  return {
    type: (text) => process.perform({ type: 'process.write', bytes: Buffer.from(text) }),
    resize: (columns, rows) => {
      const size = { columns, rows, widthPixels: 0, heightPixels: 0 }
      process.perform({ type: 'process.resize', size })
    },
    look: (isLooking) =>
      process.perform({ type: isLooking ? 'process.resumeOutput' : 'process.pauseOutput' }),
    leave: () => process.perform({ type: 'process.disconnect' }),
    screen: () => screen,
    takenBytes: () => takenBytes,
    untilShown: (text) =>
      waitUntil(
        () => screen.includes(text),
        () => `the screen should show ${JSON.stringify(text)}, it shows ${JSON.stringify(screen)}`,
      ),
    exit: async () => {
      await waitUntil(
        () => outcome !== undefined,
        () => `the program should end, the screen shows ${JSON.stringify(screen)}`,
      )
      return outcome as ExitOutcome
    },
  }
}
