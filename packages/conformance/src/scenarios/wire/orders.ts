/** Every order of some items. */
export function permutationsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= 1) return [items]
  return items.flatMap((item, index) => {
    const others = items.filter((_, place) => place !== index)
    return permutationsOf(others).map((order) => [item, ...order])
  })
}

/** Numbers from 0 to below a limit that look random and are the same for the same seed. */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    // A linear congruential generator modulo 2^31, whose upper bits are the better ones.
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff
    return Math.floor((state / 0x80_00_00_00) * limit)
  }
}
