import type { ChannelMessage } from '../wire/channel-message'
import type { ChannelParameters } from '../ports/transport-port'
import {
  emptyQueue,
  fromArray,
  pop,
  push,
  pushBytes,
  toArray,
  unpop,
  type ByteItems,
  type Queue,
} from './queue'

/** What waits to be sent, and what the peer lets us send (RFC 4254 section 5.2), in bytes. */
export interface Outbound {
  readonly windowBytes: number
  /** Largest data payload the peer accepts; 0 means that no data can ever be sent. */
  readonly maximumPacketBytes: number
  readonly queue: Queue<OutboundItem>
  /** Data bytes in the queue. */
  readonly queuedBytes: number
}

/** Data type 0 is plain data; others are extended data types. */
type OutboundItem =
  | { readonly kind: 'data'; readonly dataType: number; readonly bytes: Uint8Array }
  | { readonly kind: 'eof' }
  | { readonly kind: 'close' }

/** Nothing queued, the windows as agreed. */
export function emptyOutbound(parameters: ChannelParameters): Outbound {
  return {
    windowBytes: parameters.remoteWindowBytes,
    maximumPacketBytes: parameters.remoteMaximumPacketBytes,
    queue: emptyQueue(),
    queuedBytes: 0,
  }
}

/**
 * Queues data behind what waits already; an empty chunk is nothing.
 *
 * What cannot leave in this very step is copied, for its memory may be used again as soon as the step is over.
 */
export function queueData(
  outbound: Outbound,
  dataType: number,
  bytes: Uint8Array,
  isTransportClear: boolean,
): Outbound {
  if (bytes.length === 0) return outbound
  // Not `slice`, which copies nothing where the bytes are a Buffer of Node.
  const kept =
    isTransportClear && canLeaveNow(outbound, bytes.length) ? bytes : new Uint8Array(bytes)
  const { windowBytes, maximumPacketBytes, queue, queuedBytes } = outbound
  return {
    windowBytes,
    maximumPacketBytes,
    queue: pushBytes(queue, kept, dataItems(dataType)),
    queuedBytes: queuedBytes + bytes.length,
  }
}

function canLeaveNow(outbound: Outbound, byteCount: number): boolean {
  const { queue, windowBytes, maximumPacketBytes } = outbound
  return queue.length === 0 && windowBytes >= byteCount && maximumPacketBytes > 0
}

function dataItems(dataType: number): ByteItems<OutboundItem> {
  return {
    bytesOf: (item) =>
      item.kind === 'data' && item.dataType === dataType ? item.bytes : undefined,
    make: (bytes) => ({ kind: 'data', dataType, bytes }),
  }
}

/** The same with another window. */
export function withWindow(outbound: Outbound, windowBytes: number): Outbound {
  const { maximumPacketBytes, queue, queuedBytes } = outbound
  return { windowBytes, maximumPacketBytes, queue, queuedBytes }
}

/** Queues EOF or CLOSE behind the data that waits. */
export function queueMark(outbound: Outbound, kind: 'eof' | 'close'): Outbound {
  return { ...outbound, queue: push(outbound.queue, { kind }) }
}

/** Drops waiting data: of one type, or of all. */
export function dropData(
  outbound: Outbound,
  dataType: number | 'all',
): { readonly outbound: Outbound; readonly droppedBytes: number } {
  const items = toArray(outbound.queue)
  const kept = items.filter(
    (item) => item.kind !== 'data' || (dataType !== 'all' && item.dataType !== dataType),
  )
  const queuedBytes = kept.reduce((sum, item) => sum + lengthOf(item), 0)
  return {
    outbound: { ...outbound, queue: fromArray(kept), queuedBytes },
    droppedBytes: outbound.queuedBytes - queuedBytes,
  }
}

/** Drops a waiting EOF: nobody reads it once the peer has closed. */
export function dropEof(outbound: Outbound): Outbound {
  const kept = toArray(outbound.queue).filter((item) => item.kind !== 'eof')
  return { ...outbound, queue: fromArray(kept) }
}

/** Takes from the queue all that window and packet size allow, as messages ready to send. */
export function takeSendable(outbound: Outbound): {
  readonly outbound: Outbound
  readonly messages: readonly ChannelMessage[]
  readonly writtenBytes: number
} {
  const messages: ChannelMessage[] = []
  const { maximumPacketBytes } = outbound
  let { queue, windowBytes } = outbound
  const windowBefore = windowBytes
  for (let head = pop(queue); head !== undefined; head = pop(queue)) {
    const [item, rest] = head
    if (item.kind !== 'data') {
      messages.push({ type: item.kind })
      queue = rest
      continue
    }
    const byteCount = Math.min(item.bytes.length, windowBytes, maximumPacketBytes)
    if (byteCount === 0) break
    windowBytes -= byteCount
    messages.push(dataMessage(item.dataType, item.bytes.subarray(0, byteCount)))
    const left = item.bytes.subarray(byteCount)
    queue = left.length === 0 ? rest : unpop(rest, { ...item, bytes: left })
  }
  const writtenBytes = windowBefore - windowBytes
  const queuedBytes = outbound.queuedBytes - writtenBytes
  return {
    outbound: { windowBytes, maximumPacketBytes, queue, queuedBytes },
    messages,
    writtenBytes,
  }
}

function dataMessage(dataType: number, bytes: Uint8Array): ChannelMessage {
  return dataType === 0 ? { type: 'data', bytes } : { type: 'extendedData', dataType, bytes }
}

function lengthOf(item: OutboundItem): number {
  return item.kind === 'data' ? item.bytes.length : 0
}
