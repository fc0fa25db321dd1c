// Somebody at the client's end of a channel, who asks for one program: a process port.
import { of } from 'rxjs'
import {
  processOverChannel,
  remoteProgram,
  type ChannelPort,
  type ProcessPort,
  type RemoteProgramOptions,
} from '@hawse/core'

export function userOf(channel: ChannelPort, program: RemoteProgramOptions): ProcessPort {
  return processOverChannel(remoteProgram(program), () => of({ type: 'opened', channel }))
}
