import type { ChannelMessage } from './channel-message'

/** Message number of each message of an open channel (RFC 4254 section 9). */
export const messageNumbers = {
  windowAdjust: 93,
  data: 94,
  extendedData: 95,
  eof: 96,
  close: 97,
  request: 98,
  success: 99,
  failure: 100,
} as const satisfies Record<ChannelMessage['type'], number>
