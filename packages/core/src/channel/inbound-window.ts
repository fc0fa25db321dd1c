import type { ChannelParameters } from '../ports/transport-port'

/** What the peer may send us (RFC 4254 section 5.2), in bytes. */
export interface InboundWindow {
  /** What the peer may still send. */
  readonly windowBytes: number
  /** What it may send when the window is fully open. */
  readonly maximumWindowBytes: number
  /** Largest data payload we accept. */
  readonly maximumPacketBytes: number
  /** Consumed, and not yet given back to the peer. */
  readonly consumedBytes: number
  /** Sent beyond the window and not yet consumed: repaid before the window grows, so that grace is given once. */
  readonly exceededBytes: number
  /** `shut` until the first grant: nothing is given back before a program runs. */
  readonly phase: 'shut' | 'open'
}

/** The window as agreed when the channel was opened; one that starts above zero is open. */
export function initialInboundWindow(parameters: ChannelParameters): InboundWindow {
  return {
    windowBytes: parameters.localWindowBytes,
    maximumWindowBytes: parameters.localMaximumWindowBytes,
    maximumPacketBytes: parameters.localMaximumPacketBytes,
    consumedBytes: 0,
    exceededBytes: 0,
    phase: parameters.localWindowBytes > 0 ? 'open' : 'shut',
  }
}

/** The first grant: the whole window. Returns the bytes to announce, 0 when it is open already. */
export function openWindow(window: InboundWindow): readonly [InboundWindow, number] {
  if (window.phase === 'open') return [window, 0]
  const byteCount = window.maximumWindowBytes - window.windowBytes
  return [{ ...window, phase: 'open', windowBytes: window.maximumWindowBytes }, byteCount]
}

/**
 * Charges bytes received. Beyond the window a peer has 10 % of the whole window as grace, as with OpenSSH;
 * `isWithinGrace` false means that the connection must end.
 */
export function charge(
  window: InboundWindow,
  byteCount: number,
): { readonly window: InboundWindow; readonly isWithinGrace: boolean } {
  if (byteCount <= window.windowBytes) {
    const { windowBytes, consumedBytes, exceededBytes } = window
    return {
      window: withBytes(window, windowBytes - byteCount, consumedBytes, exceededBytes),
      isWithinGrace: true,
    }
  }
  const exceededBytes = window.exceededBytes + byteCount - window.windowBytes
  return {
    window: { ...window, windowBytes: 0, exceededBytes },
    isWithinGrace: exceededBytes <= window.maximumWindowBytes / 10,
  }
}

/**
 * Gives consumed bytes back, in steps as OpenSSH does: once more than three packets or half of the window are
 * used. Returns the bytes to announce, 0 while it is too early. Never announces more than the whole window.
 */
export function refund(window: InboundWindow, byteCount: number): readonly [InboundWindow, number] {
  const repaidBytes = Math.min(window.exceededBytes, byteCount)
  const exceededBytes = window.exceededBytes - repaidBytes
  const room = Math.max(0, window.maximumWindowBytes - window.windowBytes)
  const consumedBytes = Math.min(window.consumedBytes + byteCount - repaidBytes, room)
  const isDue =
    room > window.maximumPacketBytes * 3 || window.windowBytes < window.maximumWindowBytes / 2
  if (window.phase === 'shut' || !isDue) {
    return [withBytes(window, window.windowBytes, consumedBytes, exceededBytes), 0]
  }
  const windowBytes = window.windowBytes + consumedBytes
  return [withBytes(window, windowBytes, 0, exceededBytes), consumedBytes]
}

/** Written out, for it is done for every packet: V8 takes some 20 times as long over a spread that replaces members. */
function withBytes(
  { maximumWindowBytes, maximumPacketBytes, phase }: InboundWindow,
  windowBytes: number,
  consumedBytes: number,
  exceededBytes: number,
): InboundWindow {
  return {
    windowBytes,
    maximumWindowBytes,
    maximumPacketBytes,
    consumedBytes,
    exceededBytes,
    phase,
  }
}
