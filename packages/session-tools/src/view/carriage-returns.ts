const lineFeed = 10
const carriageReturn = 13

/** A copy with a CR before each LF that has none, as a terminal makes of what is written to it. */
export function withCarriageReturns(bytes: Uint8Array): Uint8Array {
  const bare = bytes.filter((byte, at) => byte === lineFeed && bytes[at - 1] !== carriageReturn)
  const copy = new Uint8Array(bytes.length + bare.length)
  let length = 0
  bytes.forEach((byte, at) => {
    if (byte === lineFeed && bytes[at - 1] !== carriageReturn) copy[length++] = carriageReturn
    copy[length++] = byte
  })
  return copy
}
