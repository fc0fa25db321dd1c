import type { RawChannel, RawChannelOptions } from './raw-channel'
import type { RawClient } from './raw-client'
import { data, eof, exec } from './raw-messages'

/** Opens a session and runs a command in it; resolves once the command has printed `ready`. */
export async function startProgram(
  client: RawClient,
  command: string,
  options?: RawChannelOptions,
): Promise<RawChannel> {
  const channel = await client.openSession(options)
  channel.send(exec(`echo ready; ${command}`))
  await channel.untilOutput('ready')
  return channel
}

/** Proves that a running `cat` still gives back what it gets, and ends it. */
export async function finishCat(channel: RawChannel, text: string): Promise<void> {
  channel.send(data(text), eof)
  await channel.untilReceived('CLOSE')
  const expected = `ready\n${text}`
  if (channel.stdout.toString() === expected && channel.exitCode === 0) return
  const seen = JSON.stringify(channel.stdout.toString())
  throw new Error(`cat should give ${JSON.stringify(expected)} and 0, got ${seen}`)
}
