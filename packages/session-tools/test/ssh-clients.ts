import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { startClient, waitUntil } from '@hawse/conformance'

/** A running `ssh`, at whose keyboard the test sits. */
export interface SshClient {
  readonly child: ChildProcess
  /** Both outputs so far. */
  text(): string
  type(text: string): void
  until(text: string): Promise<void>
  /** Its exit code; null where a signal ended it. */
  readonly exitCode: Promise<number | null>
}

/** Starts `ssh` with an input that stays open. */
export function startSsh(args: readonly string[]): SshClient {
  const child = startClient('ssh', args, { input: null })
  let text = ''
  const hear = (bytes: Buffer): void => void (text += bytes.toString())
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.stdin?.on('error', () => undefined)
  const closed = once(child, 'close') as Promise<[number | null]>
  return {
    child,
    text: () => text,
    type: (typed) => void child.stdin?.write(typed),
    until: (wanted) =>
      waitUntil(
        () => text.includes(wanted),
        () => `ssh was to show ${JSON.stringify(wanted)}; it showed ${JSON.stringify(text)}`,
        20_000,
      ),
    exitCode: closed.then(([code]) => code),
  }
}
