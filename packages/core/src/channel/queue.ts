/**
 * A first-in first-out queue as a value: `push` and `pop` return new queues and cost O(1) on average,
 * so a machine can hold thousands of small chunks without copying them at every step.
 */
export interface Queue<Item> {
  readonly length: number
  /** Oldest first. */
  readonly front: Link<Item>
  /** Newest first. */
  readonly back: Link<Item>
}

type Link<Item> = { readonly item: Item; readonly next: Link<Item> } | null

const empty: Queue<never> = { length: 0, front: null, back: null }

/** A queue with nothing in it. */
export function emptyQueue<Item>(): Queue<Item> {
  return empty
}

/** The queue with one more item at its end. */
export function push<Item>(queue: Queue<Item>, item: Item): Queue<Item> {
  return { length: queue.length + 1, front: queue.front, back: { item, next: queue.back } }
}

/** The oldest item, and the queue without it; `undefined` when there is none. */
export function pop<Item>(queue: Queue<Item>): readonly [Item, Queue<Item>] | undefined {
  const front = queue.front ?? reverse(queue.back)
  if (front === null) return undefined
  const back = queue.front === null ? null : queue.back
  return [front.item, { length: queue.length - 1, front: front.next, back }]
}

/** The queue with an item put back before its oldest. */
export function unpop<Item>(queue: Queue<Item>, item: Item): Queue<Item> {
  return { length: queue.length + 1, front: { item, next: queue.front }, back: queue.back }
}

/** All items, oldest first. */
export function toArray<Item>(queue: Queue<Item>): Item[] {
  const items: Item[] = []
  for (let link = queue.front; link !== null; link = link.next) items.push(link.item)
  for (let link = reverse(queue.back); link !== null; link = link.next) items.push(link.item)
  return items
}

/** A queue of these items, first one oldest. */
export function fromArray<Item>(items: readonly Item[]): Queue<Item> {
  return items.reduce<Queue<Item>>(push, emptyQueue())
}

function reverse<Item>(link: Link<Item>): Link<Item> {
  let reversed: Link<Item> = null
  for (let rest = link; rest !== null; rest = rest.next) {
    reversed = { item: rest.item, next: reversed }
  }
  return reversed
}

/** How an item that holds bytes is read and made. */
export interface ByteItems<Item> {
  /** The bytes of an item; `undefined` where it must stay by itself. */
  readonly bytesOf: (item: Item) => Uint8Array | undefined
  readonly make: (bytes: Uint8Array) => Item
}

/** Pieces from this length on are kept as they are: what an item costs beside its bytes no longer matters. */
const joinedBytes = 4 * 1024

/**
 * The queue with bytes at its end, joined with short pieces before them, so that a peer that sends a byte at a time
 * costs hardly more than its bytes. Short pieces that stay apart are ever shorter ones, so n bytes make at most
 * n / 4096 + sqrt(2n) + 1 pieces: some 2600 in the 2 MiB of a window.
 *
 * A piece is joined only to as many bytes or more, as in merging by doubling: each byte is copied a dozen times at most.
 */
export function pushBytes<Item>(
  queue: Queue<Item>,
  bytes: Uint8Array,
  { bytesOf, make }: ByteItems<Item>,
): Queue<Item> {
  const pieces = [bytes]
  let byteCount = bytes.length
  let back = queue.back
  while (back !== null) {
    const before = bytesOf(back.item)
    if (before === undefined || before.length >= joinedBytes || before.length > byteCount) break
    pieces.push(before)
    byteCount += before.length
    back = back.next
  }
  const length = queue.length - (pieces.length - 1)
  return push({ length, front: queue.front, back }, make(joined(pieces, byteCount)))
}

/** Pieces that come newest first, as one. */
function joined(pieces: readonly Uint8Array[], byteCount: number): Uint8Array {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  const whole = new Uint8Array(byteCount)
  let end = byteCount
  for (const piece of pieces) {
    end -= piece.length
    whole.set(piece, end)
  }
  return whole
}
