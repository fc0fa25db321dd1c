import { createHash, randomBytes } from 'node:crypto'
import type { Random } from './random'
import type { DisconnectPolicy } from './soak-server'

/** A shell command and every byte that it prints. */
export interface Printing {
  readonly command: string
  readonly output: Buffer
}

/** Prints a word of its own, over and over, up to some number of bytes. */
export function printing(random: Random): Printing {
  const line = `${random.integer(0, 1e9)}\n`
  const byteCount = random.byteCount()
  const command = `yes ${line.trim()} | head -c ${byteCount}`
  return { command, output: Buffer.alloc(byteCount, line) }
}

/** What a terminal makes of lines. */
export function onTerminal(output: Buffer): Buffer {
  return Buffer.from(output.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
}

/** Bytes to send; without a terminal any byte is as good as another. */
export function upload(random: Random): Buffer {
  return randomBytes(random.byteCount())
}

/** What `sha256sum` prints for its input. */
export function digestLine(bytes: Uint8Array): Buffer {
  return Buffer.from(`${createHash('sha256').update(bytes).digest('hex')}  -\n`)
}

/** Minds neither signals nor pipes where the server ends programs; otherwise one that the end of its input ends. */
export function sleepingProgram(policy: DisconnectPolicy): string {
  if (policy === 'sshd') return 'echo ready; read line'
  return "trap '' HUP TERM PIPE; echo ready; while :; do sleep 1000; done"
}
