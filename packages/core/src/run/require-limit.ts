import { HawseError } from '../errors/hawse-error'

/** Throws `INVALID_ARGUMENT` for what is no limit: it would be no bound, and nobody would notice. */
export function requireLimit(name: string, limit: number): void {
  if (limit >= 0) return
  throw new HawseError('INVALID_ARGUMENT', `${name} is ${limit}; give a number, 0 or more`)
}
