import type { ChannelCommand, ChannelEvent, OutputName } from '@hawse/core'
import { FlowMeter, type StreamMetrics } from './flow-meter'

/** Counts the bytes of outputs that a channel was given, and that its transport has not taken. */
export class ChannelMeter {
  readonly #flows = { stdout: new FlowMeter(), stderr: new FlowMeter() }
  /** A channel tells how much was written, not of which output; it leaves in the order in which it was given. */
  #order: { readonly output: OutputName; bytes: number }[] = []

  see(command: ChannelCommand): void {
    if (command.type === 'channel.sendData') this.#give('stdout', command.bytes.length)
    if (command.type === 'channel.sendExtendedData') this.#give('stderr', command.bytes.length)
  }

  hear(event: ChannelEvent): void {
    if (event.type === 'channel.written') this.#take(event.byteCount)
    // What is dropped is stdout, or all.
    if (event.type === 'channel.dropped') this.#drop(event.byteCount)
    if (event.type === 'channel.closed' || event.type === 'channel.lost') this.#drop(Infinity)
  }

  read(output: OutputName, bytes: number): StreamMetrics {
    return this.#flows[output].read(bytes)
  }

  #give(output: OutputName, byteCount: number): void {
    this.#flows[output].give(byteCount)
    const last = this.#order.at(-1)
    if (last?.output === output) last.bytes += byteCount
    else this.#order.push({ output, bytes: byteCount })
  }

  #take(byteCount: number): void {
    let leftBytes = byteCount
    for (let first = this.#order[0]; first !== undefined && leftBytes > 0; first = this.#order[0]) {
      const takenBytes = Math.min(leftBytes, first.bytes)
      leftBytes -= takenBytes
      first.bytes -= takenBytes
      this.#flows[first.output].take(takenBytes)
      if (first.bytes === 0) this.#order.shift()
    }
  }

  #drop(byteCount: number): void {
    const { stdout, stderr } = this.#flows
    const stderrBytes = Math.max(0, byteCount - stdout.inFlightBytes)
    const isAll = stderrBytes >= stderr.inFlightBytes
    stdout.take(byteCount)
    stderr.take(stderrBytes)
    this.#order = isAll ? [] : this.#order.filter(({ output }) => output === 'stderr')
  }
}
