import { boolean, byte, string, uint32 } from './fields'

/** A message for a channel, made once the server's number of it is known. */
export type RawMessage = (recipientChannel: number) => Uint8Array

/** Numbers of the connection protocol's messages (RFC 4254 section 9). */
export const messageNumbers = {
  open: 90,
  openConfirmation: 91,
  openFailure: 92,
  windowAdjust: 93,
  data: 94,
  extendedData: 95,
  eof: 96,
  close: 97,
  request: 98,
  success: 99,
  failure: 100,
} as const

/** Any message: its number, the recipient channel, and fields as they are. */
export function message(messageNumber: number, ...fields: readonly Uint8Array[]): RawMessage {
  return (recipientChannel) =>
    Buffer.concat([byte(messageNumber), uint32(recipientChannel), ...fields])
}

/** Any request, with its fields as they are; wants a reply unless told otherwise. */
export function request(
  requestType: string | Uint8Array,
  fields: readonly Uint8Array[] = [],
  wantsReply = true,
): RawMessage {
  const { request: messageNumber } = messageNumbers
  return message(messageNumber, string(requestType), boolean(wantsReply), ...fields)
}

export function exec(command: string | Uint8Array, wantsReply = true): RawMessage {
  return request('exec', [string(command)], wantsReply)
}

export function shell(wantsReply = true): RawMessage {
  return request('shell', [], wantsReply)
}

export function subsystem(name: string, wantsReply = true): RawMessage {
  return request('subsystem', [string(name)], wantsReply)
}

/** A terminal of 80 columns and 24 rows with these encoded modes. */
export function pty(modes: Uint8Array = byte(0), wantsReply = true): RawMessage {
  return request('pty-req', [string('xterm'), ...size(80, 24), string(modes)], wantsReply)
}

export function env(
  name: string | Uint8Array,
  value: string | Uint8Array,
  wantsReply = true,
): RawMessage {
  return request('env', [string(name), string(value)], wantsReply)
}

/** A signal by its name without `SIG`. */
export function signal(name: string, wantsReply = true): RawMessage {
  return request('signal', [string(name)], wantsReply)
}

export function windowChange(columns = 100, rows = 30, wantsReply = true): RawMessage {
  return request('window-change', size(columns, rows), wantsReply)
}

/** A break (RFC 4335). */
export function breakRequest(lengthMs = 500, wantsReply = true): RawMessage {
  return request('break', [uint32(lengthMs)], wantsReply)
}

/** A request that no server knows. */
export function unknownRequest(wantsReply = true): RawMessage {
  return request('no-such-request@example.org', [], wantsReply)
}

export function data(bytes: string | Uint8Array): RawMessage {
  return message(messageNumbers.data, string(bytes))
}

export function extendedData(bytes: string | Uint8Array, dataType = 1): RawMessage {
  return message(messageNumbers.extendedData, uint32(dataType), string(bytes))
}

export function adjust(byteCount: number): RawMessage {
  return message(messageNumbers.windowAdjust, uint32(byteCount))
}

export const eof = message(messageNumbers.eof)

export const close = message(messageNumbers.close)

export const success = message(messageNumbers.success)

export const failure = message(messageNumbers.failure)

function size(columns: number, rows: number): readonly Buffer[] {
  return [columns, rows, 0, 0].map(uint32)
}
