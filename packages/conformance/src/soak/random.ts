/** Numbers that look random and come again with the same seed. */
export interface Random {
  /** A whole number from `least` to `most`. */
  readonly integer: (least: number, most: number) => number
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item
  /** A number of bytes: mostly few, at times many, now and then none. */
  readonly byteCount: () => number
}

/** Mulberry32, by Tommy Ettinger. */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (least: number, most: number): number =>
    least + Math.floor(next() * (most - least + 1))
  const pick = <Item>(items: readonly [Item, ...Item[]]): Item =>
    items[integer(0, items.length - 1)] ?? items[0]
  const byteCount = (): number => integer(0, pick([0, 100, 5_000, 5_000, 50_000, 300_000]))
  return { integer, pick, byteCount }
}
