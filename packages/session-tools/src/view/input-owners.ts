/**
 * Whose input a process takes: what one client wrote before it left may be taken when another is there, to whom it must
 * not be credited.
 */
export class InputOwners<Owner> {
  readonly #given: { readonly owner: Owner; bytes: number }[] = []
  readonly #credit: (owner: Owner, byteCount: number) => void

  constructor(credit: (owner: Owner, byteCount: number) => void) {
    this.#credit = credit
  }

  /** Input was given, behind what was given before. */
  give(owner: Owner, byteCount: number): void {
    const last = this.#given.at(-1)
    if (last?.owner === owner) last.bytes += byteCount
    else this.#given.push({ owner, bytes: byteCount })
  }

  /** So much of it was taken. */
  acknowledge(byteCount: number): void {
    let leftBytes = byteCount
    for (let first = this.#given[0]; first !== undefined && leftBytes > 0; first = this.#given[0]) {
      const takenBytes = Math.min(leftBytes, first.bytes)
      leftBytes -= takenBytes
      first.bytes -= takenBytes
      if (first.bytes === 0) this.#given.shift()
      this.#credit(first.owner, takenBytes)
    }
  }

  /** Nothing of it will be taken any more. */
  clear(): void {
    this.#given.length = 0
  }
}
