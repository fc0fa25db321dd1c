/**
 * Quirk: ssh2 gives all that comes to handlers of its own, and has no place to look at a payload before they do.
 *
 * What decrypts and decompresses packets is the one place that all of them pass.
 */

/** The part of ssh2 that turns packets into payloads. */
export interface PacketReader {
  read(payload: Uint8Array): Uint8Array
  cleanup(): void
}

/** Where ssh2 keeps it. */
export interface PacketReaderHolder {
  /** Replaced when compression starts and after every key exchange. */
  read: PacketReader
}

/**
 * Shows every payload to `isTaken`; what it takes ssh2 never sees.
 *
 * Compression and key exchanges put another reader in the place of this one, so the place is watched, not the reader.
 */
export function tapReader(
  streams: PacketReaderHolder,
  isTaken: (payload: Uint8Array) => boolean,
): void {
  // The property itself moves behind the tap, so that a tap of another copy of this package goes on working there.
  const { read } = Object.getOwnPropertyDescriptors(streams)
  const behind = Object.create(null, { read }) as PacketReaderHolder
  const tap: PacketReader = {
    read: (payload) => withoutTaken(behind.read.read(payload), isTaken),
    cleanup: () => behind.read.cleanup(),
  }
  Object.defineProperty(streams, 'read', {
    configurable: true,
    enumerable: true,
    get: () => tap,
    set: (next: PacketReader) => {
      behind.read = next
    },
  })
}

/** SSH_MSG_IGNORE with empty data (RFC 4253 section 11.2): what ssh2 is given in place of a payload that was taken. */
const ignorePayload = Buffer.from([2, 0, 0, 0, 0])

function withoutTaken(payload: Uint8Array, isTaken: (payload: Uint8Array) => boolean): Uint8Array {
  return isTaken(payload) ? ignorePayload : payload
}
