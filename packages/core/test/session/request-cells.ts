import type { SessionPhase } from '../../src/session/session-state'
import type { ChannelRequest } from '../../src/wire/channel-request'

const no = 'channel.reply 9 false'
const yes = 'channel.reply 9 true'

/** Rows 2 and 3: after a program was asked for, what would describe it comes too late, and no second one starts. */
const tooLate = {
  'pty-req': no,
  env: no,
  'x11-req': no,
  'auth-agent-req@openssh.com': no,
  shell: no,
  exec: no,
  subsystem: no,
}

/** What only a server sends, and what nobody knows (row 4). */
const refused = { 'xon-xoff': no, 'exit-status': no, 'exit-signal': no, unknown: no }

/** No request can come after the client's CLOSE, or without a channel. */
const illegal = everyRequest('illegal')

/**
 * What a request must lead to, by phase: the commands, where the phase stays; `-> phase` where it changes;
 * `deferred` where it waits for the program, `illegal` and `ignore` where nothing happens.
 */
export const requestCells: Readonly<
  Record<SessionPhase, Readonly<Record<ChannelRequest['name'], string>>>
> = {
  waiting: {
    ...refused,
    'pty-req': yes,
    env: yes,
    // Accepted by option only, as is the agent.
    'x11-req': no,
    'auth-agent-req@openssh.com': no,
    shell: 'program.decide -> deciding',
    exec: 'program.decide -> deciding',
    subsystem: 'program.decide -> deciding',
    'window-change': yes,
    // There is nothing to signal, to break or to stop reading.
    signal: no,
    break: no,
    'eow@openssh.com': no,
  },
  deciding: {
    ...refused,
    ...tooLate,
    'window-change': yes,
    signal: 'deferred',
    break: 'deferred',
    'eow@openssh.com': 'deferred',
  },
  refusing: {
    ...refused,
    ...tooLate,
    'window-change': no,
    signal: no,
    break: no,
    'eow@openssh.com': no,
  },
  starting: {
    ...refused,
    ...tooLate,
    'window-change': 'deferred',
    signal: 'deferred',
    break: 'deferred',
    'eow@openssh.com': 'deferred',
  },
  running: {
    ...refused,
    ...tooLate,
    // Without a terminal a size changes nothing.
    'window-change': yes,
    signal: `process.signal TERM, ${yes}`,
    break: no,
    'eow@openssh.com': `process.closeOutput stdout, channel.dropPending stdout, ${yes}`,
  },
  draining: {
    ...refused,
    ...tooLate,
    'window-change': yes,
    signal: no,
    break: no,
    'eow@openssh.com': `process.closeOutput stdout, channel.dropPending stdout, ${yes}`,
  },
  abandoned: illegal,
  leaving: everyRequest(no),
  orphaned: illegal,
  closing: everyRequest(no),
  ended: everyRequest('ignore'),
}

function everyRequest(cell: string): Record<ChannelRequest['name'], string> {
  return {
    'pty-req': cell,
    env: cell,
    'x11-req': cell,
    'auth-agent-req@openssh.com': cell,
    shell: cell,
    exec: cell,
    subsystem: cell,
    'window-change': cell,
    signal: cell,
    break: cell,
    'eow@openssh.com': cell,
    'xon-xoff': cell,
    'exit-status': cell,
    'exit-signal': cell,
    unknown: cell,
  }
}
