import type { HandlerContext, HandlerInput, HandlerOutput, HandlerProgram } from '@hawse/core'
import { DisciplinedInput } from './disciplined-input'
import { InputQueue } from './input-queue'

/**
 * Gives a program that reads lines the terminal that users expect: what they type is shown and can be corrected, a
 * newline goes to the beginning of the next line, Ctrl-C is the signal INT, Ctrl-D the end of input; all by the client's
 * modes (RFC 4254 section 8). Without a terminal it changes nothing.
 *
 * @example
 * shell: handler(cooked(async ({ stdin, stdout }) => {
 *   for await (const line of stdin) await stdout.write(`you said ${decoder.decode(line)}`)
 * }))
 */
export function cooked(program: HandlerProgram): HandlerProgram {
  return (context) => {
    const { pty } = context
    return program(pty === undefined ? context : cookedContext(context, pty))
  }
}

function cookedContext(
  context: HandlerContext,
  pty: NonNullable<HandlerContext['pty']>,
): HandlerContext {
  const { stdout, stderr, signal } = context
  const queue = new InputQueue((byteCount) => input.taken(byteCount))
  const input = new DisciplinedInput(context, pty, {
    read: (bytes) => queue.push(bytes),
    ended: () => queue.end(),
    flushed: () => queue.flush(),
  })
  signal.addEventListener('abort', () => queue.end())
  const translated = (output: HandlerOutput): HandlerOutput => ({
    write: (data) => {
      // What cannot be written is told by who would write it.
      if (typeof data !== 'string' && !(data instanceof Uint8Array)) return output.write(data)
      return output.write(input.translate(Buffer.from(data as string)))
    },
  })
  const stdin: HandlerInput = queue
  return { ...context, stdin, stdout: translated(stdout), stderr: translated(stderr) }
}
