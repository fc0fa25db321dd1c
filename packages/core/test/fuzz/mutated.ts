import fc from 'fast-check'

/** How often each fuzz property runs: its share of a short run, times `HAWSE_FUZZ_RUNS` from the environment. */
export function fuzzRuns(shortRuns: number): { readonly numRuns: number } {
  return { numRuns: shortRuns * Number(process.env['HAWSE_FUZZ_RUNS'] ?? 1) }
}

/** Bytes that were valid and then had several things done to them. */
export function mutated(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const mutations = fc.array(mutation(valid), { minLength: 1, maxLength: 6 })
  return fc
    .tuple(valid, mutations)
    .map(([bytes, all]) => all.reduce((changed, change) => change(changed), bytes))
}

type Change = (bytes: Uint8Array) => Uint8Array

/** Numbers that lengths and counts go wrong at. */
const edgeNumbers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]

function mutation(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Change> {
  const place = fc.nat()
  return fc.oneof(
    fc.tuple(place, fc.nat(7)).map(([at, bit]) => flip(at, bit)),
    fc.tuple(place, fc.nat(255)).map(([at, byte]) => replace(at, Uint8Array.of(byte))),
    fc.tuple(place, fc.constantFrom(...edgeNumbers)).map(([at, n]) => replace(at, uint32(n))),
    place.map((at) => (bytes: Uint8Array) => bytes.slice(0, index(at, bytes))),
    place.map((at) => (bytes: Uint8Array) => bytes.slice(index(at, bytes))),
    fc.tuple(place, fc.uint8Array({ maxLength: 12 })).map(([at, extra]) => insert(at, extra)),
    fc.tuple(place, place).map(([at, count]) => remove(at, count)),
    fc.tuple(place, place).map(([at, count]) => repeat(at, count)),
    fc.tuple(place, place, valid).map(([at, from, other]) => splice(at, from, other)),
  )
}

function flip(at: number, bit: number): Change {
  return (bytes) => bytes.map((byte, i) => (i === index(at, bytes) ? byte ^ (1 << bit) : byte))
}

function replace(at: number, by: Uint8Array): Change {
  return (bytes) => {
    const start = index(at, bytes)
    return join(bytes.slice(0, start), by, bytes.slice(start + by.length))
  }
}

function insert(at: number, extra: Uint8Array): Change {
  return (bytes) => join(bytes.slice(0, index(at, bytes)), extra, bytes.slice(index(at, bytes)))
}

function remove(at: number, count: number): Change {
  return (bytes) => {
    const start = index(at, bytes)
    return join(bytes.slice(0, start), bytes.slice(start + 1 + (count % 8)))
  }
}

function repeat(at: number, count: number): Change {
  return (bytes) => {
    const start = index(at, bytes)
    const end = start + 1 + (count % 8)
    return join(bytes.slice(0, end), bytes.slice(start, end), bytes.slice(end))
  }
}

function splice(at: number, from: number, other: Uint8Array): Change {
  return (bytes) => join(bytes.slice(0, index(at, bytes)), other.slice(index(from, other)))
}

function index(at: number, bytes: Uint8Array): number {
  return bytes.length === 0 ? 0 : at % bytes.length
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
