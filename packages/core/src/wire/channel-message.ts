import type { ChannelRequest } from './channel-request'

/** A message of an open channel (RFC 4254 section 5), without the channel number. */
export type ChannelMessage =
  | { readonly type: 'windowAdjust'; /** 0 to 4294967295. */ readonly byteCount: number }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'extendedData'; readonly dataType: number; readonly bytes: Uint8Array }
  | { readonly type: 'eof' }
  | { readonly type: 'close' }
  | { readonly type: 'request'; readonly request: ChannelRequest; readonly wantsReply: boolean }
  | { readonly type: 'success' }
  | { readonly type: 'failure' }
