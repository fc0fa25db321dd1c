import type { OutputName } from '@hawse/core'

/** A piece of an output that is kept. */
export interface KeptOutput {
  readonly output: OutputName
  readonly bytes: Uint8Array
}

/** Kept memory of one output; bytes from `start` to `end` of it are in use. */
interface Block {
  readonly output: OutputName
  memory: Uint8Array
  start: number
  end: number
}

/** Small pieces share memory up to this size. */
const sharedBlockBytes = 16_384

/** A piece costs memory beside its bytes: no more are kept than one for so many bytes of the bound, and some. */
const bytesPerPiece = 64
const minimumPieces = 16

/** Keeps copies of the newest bytes of outputs, up to a bound, in the order in which they came, and counts the others. */
export class NewestOutput {
  /** Bytes that were let go because newer ones came. */
  droppedBytes = 0
  #keptBytes = 0
  #blocks: Block[] = []
  readonly #maximumBytes: number

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes
  }

  /** Whether nothing is kept. */
  get isEmpty(): boolean {
    return this.#keptBytes === 0
  }

  /** Keeps a copy, which `slice` of a Buffer of Node would not be. */
  add(output: OutputName, bytes: Uint8Array): void {
    const last = this.#blocks.at(-1)
    const isJoined = last?.output === output && last.end + bytes.length <= sharedBlockBytes
    if (isJoined) append(last, bytes)
    else this.#blocks.push({ output, memory: new Uint8Array(bytes), start: 0, end: bytes.length })
    this.#keptBytes += bytes.length
    this.#letGo()
  }

  /** Copies of what is kept, oldest first. */
  read(): readonly KeptOutput[] {
    return this.#blocks.map((block) => ({
      output: block.output,
      bytes: block.memory.slice(block.start, block.end),
    }))
  }

  /** Takes the oldest piece out, `undefined` where there is none. */
  shift(): KeptOutput | undefined {
    const block = this.#blocks.shift()
    if (block === undefined) return undefined
    const bytes = block.memory.subarray(block.start, block.end)
    this.#keptBytes -= bytes.length
    return { output: block.output, bytes }
  }

  /** Forgets what is kept of an output, as if it had never come. */
  forget(output: OutputName): void {
    this.#blocks = this.#blocks.filter((block) => block.output !== output)
    this.#keptBytes = this.#blocks.reduce((sum, { start, end }) => sum + end - start, 0)
  }

  #letGo(): void {
    const maximumPieces = minimumPieces + this.#maximumBytes / bytesPerPiece
    for (let first = this.#blocks[0]; first !== undefined; first = this.#blocks[0]) {
      const excessBytes = this.#keptBytes - this.#maximumBytes
      const isExcess = this.#blocks.length > maximumPieces
      if (excessBytes <= 0 && !isExcess) return
      const lengthBytes = first.end - first.start
      const goneBytes = isExcess ? lengthBytes : Math.min(excessBytes, lengthBytes)
      first.start += goneBytes
      this.droppedBytes += goneBytes
      this.#keptBytes -= goneBytes
      if (goneBytes === lengthBytes) this.#blocks.shift()
    }
  }
}

function append(block: Block, bytes: Uint8Array): void {
  const end = block.end + bytes.length
  if (end > block.memory.length) {
    const grown = new Uint8Array(Math.min(sharedBlockBytes, Math.max(end, 2 * block.memory.length)))
    grown.set(block.memory.subarray(0, block.end))
    block.memory = grown
  }
  block.memory.set(bytes, block.end)
  block.end = end
}
