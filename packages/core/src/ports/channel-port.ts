import type { Observable } from 'rxjs'
import type { ChannelRequest } from '../wire/channel-request'
import type { Address } from './address'

/** What a channel says: facts, in the past tense. */
export type ChannelEvent =
  /** The remote end asks for something (RFC 4254 section 6). */
  | {
      readonly type: 'channel.requested'
      /** Names the request in `channel.reply`; unique per channel. */
      readonly requestId: number
      readonly request: ChannelRequest
      /** Whether exactly one `channel.reply` is owed. */
      readonly wantsReply: boolean
    }
  /** A request of ours was answered; answers come in the order of the requests. */
  | { readonly type: 'channel.replied'; readonly isSuccess: boolean }
  /** Bytes for the input of the process. Each is given back by `channel.grant` once consumed. */
  | { readonly type: 'channel.dataReceived'; readonly bytes: Uint8Array }
  /** Bytes of an extended data stream (RFC 4254 section 5.2); to be granted back like data. */
  | {
      readonly type: 'channel.extendedDataReceived'
      readonly dataType: number
      readonly bytes: Uint8Array
    }
  /** Bytes that came after EOF were dropped. Nothing is to be granted for them. */
  | { readonly type: 'channel.discarded'; readonly byteCount: number }
  /** The remote end sends no more data. Once. */
  | { readonly type: 'channel.eofReceived' }
  /** The remote end closed the channel. Once; only a report and our CLOSE may still be sent. */
  | { readonly type: 'channel.closeReceived' }
  /** This many bytes given by `channel.sendData` and `channel.sendExtendedData` were taken by the transport. */
  | { readonly type: 'channel.written'; readonly byteCount: number }
  /** This many bytes given by them will never be sent. */
  | { readonly type: 'channel.dropped'; readonly byteCount: number }
  /** CLOSE was sent and received. Last fact. */
  | { readonly type: 'channel.closed' }
  /** The connection under the channel is gone. Last fact. */
  | { readonly type: 'channel.lost'; readonly reason: string }

/** What a channel can be asked: imperatives. */
export type ChannelCommand =
  /** Let the remote end send input: the first grant of the whole window. Before the reply to a program request. */
  | { readonly type: 'channel.openWindow' }
  /** These bytes of input were consumed; the window may be re-opened for them. */
  | { readonly type: 'channel.grant'; readonly byteCount: number }
  /** Standard output of the process. The memory may be used again once `perform` returns: what waits is copied. */
  | { readonly type: 'channel.sendData'; readonly bytes: Uint8Array }
  /** Another output of the process; data type 1 is stderr (RFC 4254 section 5.2). */
  | {
      readonly type: 'channel.sendExtendedData'
      readonly dataType: number
      readonly bytes: Uint8Array
    }
  /** Drop what is not yet sent: of standard output, or of every output. */
  | { readonly type: 'channel.dropPending'; readonly scope: 'stdout' | 'all' }
  /** Send a request, ahead of pending data: exit-status, exit-signal, eow. */
  | {
      readonly type: 'channel.sendRequest'
      readonly request: ChannelRequest
      readonly wantsReply: boolean
    }
  /** Answer a request; answers leave in the order of the requests. */
  | { readonly type: 'channel.reply'; readonly requestId: number; readonly isSuccess: boolean }
  /** EOF, after all pending data. */
  | { readonly type: 'channel.sendEof' }
  /** CLOSE, after all pending data; at once where the remote end has closed. */
  | { readonly type: 'channel.close' }

/**
 * Anything a remote user sits at: an SSH session channel, a terminal in a browser, this process's own stdio.
 *
 * An adapter MUST emit facts in the order they happened, MUST NOT emit after `channel.closed` or `channel.lost`,
 * MUST NOT throw from `perform`, MUST ignore commands after its end, and MUST NOT decide anything about the session.
 */
export interface ChannelPort {
  /** Facts, in order; what happens before the first subscription is kept and delivered to it; never errors. */
  readonly event$: Observable<ChannelEvent>
  /** Asks for one thing. Facts may be emitted before it returns. */
  perform(command: ChannelCommand): void
  /** Our end of the connection. */
  readonly host: Address
  /** The remote end of the connection. */
  readonly peer: Address
  /** Software the remote end says it is, such as `OpenSSH_9.2p1`; empty where unknown. */
  readonly peerSoftware: string
}
