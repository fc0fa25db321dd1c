import type { Random } from './random'
import type { SessionRecording } from './session-recordings'

/** Payloads by TCP write: several may share one. */
export type SessionWrites = readonly (readonly Uint8Array[])[]

/** Numbers that lengths, windows and channel numbers go wrong at. */
const edgeNumbers = [0, 1, 255, 32_768, 35_000, 2 ** 21, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]

/** A recorded session to which one to six things were done, cut into writes. */
export function mutateSession(
  recordings: readonly SessionRecording[],
  random: Random,
): SessionWrites {
  let payloads = [...random.pick(recordings)]
  for (let left = 1 + random.below(6); left > 0; left -= 1) {
    payloads = random.pick(changes)(payloads, random, recordings)
  }
  return inWrites(payloads, random)
}

/** Bytes to which one thing was done. */
export function mutateBytes(bytes: Uint8Array, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  const at = random.below(copy.length + 1)
  switch (random.below(6)) {
    case 0:
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
      return copy
    case 1:
      if (at + 4 <= copy.length) copy.writeUInt32BE(random.pick(edgeNumbers), at)
      return copy
    case 2:
      return copy.subarray(0, at)
    case 3:
      return Buffer.concat([copy, random.bytes(1 + random.below(40))])
    case 4:
      return Buffer.concat([copy.subarray(0, at), random.bytes(4), copy.subarray(at)])
    default:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random.below(8))])
  }
}

type Change = (
  payloads: readonly Uint8Array[],
  random: Random,
  recordings: readonly SessionRecording[],
) => Uint8Array[]

const changes: readonly Change[] = [
  damage,
  damage,
  damage,
  // Twice the same.
  (payloads, random) => {
    const at = random.below(payloads.length)
    return [...payloads.slice(0, at + 1), ...payloads.slice(at)]
  },
  // One lost, but never the last.
  (payloads, random) => {
    const lost = random.below(payloads.length)
    return payloads.length === 1 ? [...payloads] : payloads.filter((_, index) => index !== lost)
  },
  // Two in the wrong order.
  (payloads, random) => {
    const [from, to] = [random.below(payloads.length), random.below(payloads.length)]
    const moved = payloads.slice(from, from + 1)
    const rest = payloads.filter((_, index) => index !== from)
    return [...rest.slice(0, to), ...moved, ...rest.slice(to)]
  },
  // Goes on as another session does.
  (payloads, random, recordings) => {
    const other = random.pick(recordings)
    const start = payloads.slice(0, 1 + random.below(payloads.length))
    return [...start, ...other.slice(random.below(other.length))]
  },
  // Any message.
  (payloads, random) => {
    const at = random.below(payloads.length + 1)
    const header = Buffer.concat([Buffer.of(random.below(256)), random.bytes(random.below(24))])
    return [...payloads.slice(0, at), header, ...payloads.slice(at)]
  },
]

function damage(payloads: readonly Uint8Array[], random: Random): Uint8Array[] {
  const at = random.below(payloads.length)
  return payloads.map((payload, index) => (index === at ? mutateBytes(payload, random) : payload))
}

function inWrites(payloads: readonly Uint8Array[], random: Random): SessionWrites {
  const writes: Uint8Array[][] = [[]]
  for (const payload of payloads) {
    if (random.below(2) === 0) writes.push([])
    writes.at(-1)?.push(payload)
  }
  return writes.filter((write) => write.length > 0)
}
