/** Throws, and says where, when bytes are not what they should be; they are too many to print. */
export function expectSameBytes(received: Uint8Array, expected: Uint8Array): void {
  const place = received.findIndex((byte, index) => byte !== expected[index])
  const count = `${received.length} of ${expected.length} bytes`
  if (place !== -1) throw new Error(`byte ${place} differs, ${count} came`)
  if (received.length !== expected.length) throw new Error(`only ${count} came`)
}
