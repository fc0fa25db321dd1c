import { HawseError, type HandlerContext } from '@hawse/core'
import { DisciplinedInput } from './disciplined-input'
import { TtyInput } from './tty-input'
import { TtyOutput } from './tty-output'

/** The terminal of a session, as Node has its own. */
export interface Tty {
  readonly stdin: TtyInput
  readonly stdout: TtyOutput
  readonly stderr: TtyOutput
}

/**
 * The terminal of a handler's context as Node's streams, for what is made for `process.stdin` and `process.stdout`:
 * `node:readline`, Ink, blessed, progress bars.
 *
 * Until `stdin.setRawMode(true)` lines are edited and echoed as on a terminal of the system, by the client's modes
 * (RFC 4254 section 8), and Ctrl-C is the signal INT for the program (`receivedSignal$`; nobody who hears it, and the
 * program ends by it). The streams end when the client goes away. Take it once, and use the context's own streams no
 * more. Throws `INVALID_ARGUMENT` where the client asked for no terminal.
 *
 * @example
 * const { stdin, stdout } = asTty(context)
 * const name = await createInterface({ input: stdin, output: stdout }).question('Who is it? ')
 */
export function asTty(context: HandlerContext): Tty {
  const { pty, env } = context
  if (pty === undefined) throw noTerminal()
  const stdin = new TtyInput()
  const input = new DisciplinedInput(context, pty, {
    read: (bytes) => stdin.give(bytes),
    ended: () => stdin.finish(),
    flushed: () => stdin.flush(),
  })
  stdin.attach(input)
  const translate = (bytes: Uint8Array): Uint8Array => input.translate(bytes)
  const common = { size: pty.size, env: { TERM: pty.term, ...env }, translate }
  const stdout = new TtyOutput({ ...common, output: context.stdout })
  const stderr = new TtyOutput({ ...common, output: context.stderr })
  context.resize$.subscribe((size) => [stdout, stderr].forEach((output) => output.resize(size)))
  context.signal.addEventListener('abort', () => {
    for (const stream of [stdin, stdout, stderr]) stream.destroy()
  })
  return { stdin, stdout, stderr }
}

function noTerminal(): HawseError {
  return new HawseError(
    'INVALID_ARGUMENT',
    'the client asked for no terminal; look at pty first, and tell the user to ask for one with ssh -t',
  )
}
