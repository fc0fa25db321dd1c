import type { ChannelCommand, ChannelEvent } from '../ports/channel-port'
import type { ProcessCommand, ProcessEvent, StartFailure } from '../ports/process-port'

/** What the opening of a channel led to. */
export type RemoteOpening =
  | {
      /** There is a channel; its facts follow. */ readonly type: 'remote.opened'
      /** Software of the server, such as `OpenSSH_9.2p1`; decides whether it hears `eow@openssh.com`. */
      readonly peerSoftware: string
    }
  | {
      /** There will be none. */ readonly type: 'remote.openFailed'
      readonly failure: StartFailure
      /** One line for people. */
      readonly message: string
    }

/** What the remote process machine hears: of the channel, of whoever uses the process, and of its driver. */
export type RemoteInput =
  | RemoteOpening
  | ChannelEvent
  | ProcessCommand
  | { /** The turn for the next piece of held output has come. */ readonly type: 'remote.deliver' }

/** What the remote process machine says. */
export type RemoteOutput =
  | ChannelCommand
  | ProcessEvent
  | { /** Open a session channel. Once. */ readonly type: 'remote.open' }
  | {
      /** Answer with `remote.deliver`, behind what was asked meanwhile: a pause takes effect between two pieces. */
      readonly type: 'remote.deliverNext'
    }
  | {
      /** Nothing more is told of the process. Once, last of its facts. */ readonly type: 'remote.ended'
    }

/** The input of one type. */
export type RemoteInputOf<Type extends RemoteInput['type']> = Extract<
  RemoteInput,
  { readonly type: Type }
>
