import {
  adjust,
  breakRequest,
  close,
  data,
  env,
  eof,
  exec,
  extendedData,
  message,
  pty,
  request,
  shell,
  signal,
  subsystem,
  unknownRequest,
  windowChange,
  type RawMessage,
} from '../wire/raw-messages'

/** What a client sends in one session after its open, as payloads for the server's channel number. */
export type SessionRecording = readonly Uint8Array[]

const modes = Buffer.from('0300000008350000000180000096008100009600' + '00', 'hex')

/** Sessions as clients hold them: both outputs, terminals, subsystems, signals, and every order of EOF and CLOSE. */
const sessions: readonly (readonly RawMessage[])[] = [
  [env('LANG', 'C.UTF-8'), exec('cat; echo late >&2; exit 3'), data('one\n'), data('two\n'), eof],
  [exec('echo out; echo err >&2; exit 7'), adjust(32_768), close],
  [exec('cat >/dev/null'), data(Buffer.alloc(20_000, 'x')), eof, close],
  [pty(modes), env('LC_ALL', 'C'), shell(), windowChange(), data('exit 4\n'), windowChange(0, 0)],
  [pty(), exec('cat'), windowChange(132, 43), data('abc\u0003'), breakRequest(), eof],
  [subsystem('sftp'), data(Buffer.from('00000005010000000300', 'hex').subarray(0, 9)), eof],
  [exec('sleep 5'), signal('USR1', false), signal('TERM'), signal('KILL')],
  [exec('cat'), eof, signal('HUP'), close],
  [exec('cat'), close],
  [close],
  [eof, exec('cat'), unknownRequest(), exec('id')],
  [request('auth-agent-req@openssh.com'), request('eow@openssh.com', [], false), exec('true')],
  [exec('yes'), adjust(1_000), request('eow@openssh.com', [], false), close],
  [exec('cat'), extendedData('not for you'), data('for you'), message(99), message(100), eof],
]

/** The recordings for a channel number of the server. */
export function sessionRecordings(remoteChannel: number): readonly SessionRecording[] {
  return sessions.map((messages) => messages.map((make) => make(remoteChannel)))
}
