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
