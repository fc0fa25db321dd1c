import type { TerminalRequest, TerminalSize } from '../ports/terminal'
import { booleanField, joinFields, stringField, textField, uint32Field } from './byte-writer'
import type { ChannelRequest } from './channel-request'
import { encodeTerminalModes } from './terminal-modes'

/**
 * The fields of CHANNEL_REQUEST after the recipient channel: type, want reply, data (RFC 4254 section 5.4).
 *
 * Where a field has a twin ending in `Bytes`, the twin is what is sent. Throws `INVALID_ARGUMENT` for a number
 * that is no uint32 and for a terminal mode outside 1 to 159.
 */
export function encodeChannelRequest(request: ChannelRequest, wantsReply: boolean): Uint8Array {
  const requestType = request.name === 'unknown' ? request.requestType : request.name
  return joinFields([textField(requestType), booleanField(wantsReply), ...dataFields(request)])
}

function dataFields(request: ChannelRequest): readonly Uint8Array[] {
  switch (request.name) {
    case 'pty-req':
      return terminalFields(request.terminal)
    case 'x11-req':
      return x11Fields(request)
    case 'env':
      return [textField(request.variable), stringField(request.valueBytes)]
    case 'exec':
      return [stringField(request.commandBytes)]
    case 'subsystem':
      return [textField(request.subsystem)]
    case 'window-change':
      return sizeFields(request.size)
    case 'xon-xoff':
      return [booleanField(request.clientCanDo)]
    case 'signal':
      return [textField(request.signal)]
    case 'break':
      return [uint32Field(request.lengthMs, 'break lengthMs')]
    case 'exit-status':
      return [uint32Field(request.code, 'exit-status code')]
    case 'exit-signal':
      return exitSignalFields(request)
    case 'shell':
    case 'auth-agent-req@openssh.com':
    case 'eow@openssh.com':
      return []
    case 'unknown':
      return [request.data]
  }
}

function x11Fields(request: RequestNamed<'x11-req'>): readonly Uint8Array[] {
  return [
    booleanField(request.isSingleConnection),
    textField(request.authenticationProtocol),
    textField(request.authenticationCookie),
    uint32Field(request.screenNumber, 'x11-req screenNumber'),
  ]
}

function exitSignalFields(request: RequestNamed<'exit-signal'>): readonly Uint8Array[] {
  return [
    textField(request.signal),
    booleanField(request.hasCoreDumped),
    textField(request.message),
    textField(request.languageTag),
  ]
}

function terminalFields(terminal: TerminalRequest): readonly Uint8Array[] {
  return [
    textField(terminal.term),
    ...sizeFields(terminal.size),
    stringField(encodeTerminalModes(terminal.modes)),
  ]
}

function sizeFields(size: TerminalSize): readonly Uint8Array[] {
  return [
    uint32Field(size.columns, 'columns'),
    uint32Field(size.rows, 'rows'),
    uint32Field(size.widthPixels, 'widthPixels'),
    uint32Field(size.heightPixels, 'heightPixels'),
  ]
}

type RequestNamed<Name extends ChannelRequest['name']> = Extract<ChannelRequest, { name: Name }>
