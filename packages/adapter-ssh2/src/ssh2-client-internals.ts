/**
 * What this package knows about the inside of an ssh2 client, beyond what both ends of a connection have.
 *
 * Why at all: ssh2 opens a channel with a request on it, in one method, and its channels have the faults of those of
 * its server: one flag for two outputs, output that is lost after a late reader, an exit status that comes too late. So the
 * channel is opened here, under a number that ssh2 gives away and forgets.
 */
import { connectionMembers, requireMembers } from './ssh2-internals'
import type { RequiredMembers } from './missing-members'
import type { Ssh2Client } from './ssh2-shapes'

/** Whether a client may open channels: it is connected, and the server has let it in. Throws UNSUPPORTED_SSH2. */
export function isClientReady(client: Ssh2Client): boolean {
  // Nothing was connected yet.
  if (!('_protocol' in client) || client._protocol === undefined) return false
  requireMembers(client, clientMembers, 'client')
  return (client as unknown as Client)._protocol._authenticated === true
}

/** Takes a channel number that ssh2 gives to no channel of its own; after `isClientReady`. */
export function reserveChannel(client: Ssh2Client): number {
  const { _chanMgr: channels } = client as unknown as Client
  const localChannel = channels.add(true)
  // The number is not given again, and ssh2 would clean up what it finds in its table.
  channels.remove(localChannel)
  return localChannel
}

interface Client {
  readonly _protocol: { readonly _authenticated: unknown }
  readonly _chanMgr: { add(channel: unknown): number; remove(localChannel: number): void }
}

const clientMembers: RequiredMembers = {
  ...connectionMembers,
  '_chanMgr.add': 'function',
  '_protocol._authenticated': 'present',
}
