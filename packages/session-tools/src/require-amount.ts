import { HawseError } from '@hawse/core'

/** Throws `INVALID_ARGUMENT` for what is no amount: it would be no bound, and nobody would notice. */
export function requireAmounts(amounts: Readonly<Record<string, number | undefined>>): void {
  for (const [name, amount] of Object.entries(amounts)) {
    if (amount === undefined || amount >= 0) continue
    throw new HawseError('INVALID_ARGUMENT', `${name} is ${amount}; give a number, 0 or more`)
  }
}
