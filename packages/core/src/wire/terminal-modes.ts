import { HawseError } from '../errors/hawse-error'
import type { TerminalModes } from '../ports/terminal'
import { ByteReader } from './byte-reader'
import { uint32Field, joinFields } from './byte-writer'

/**
 * Modes by opcode from the encoded terminal modes of `pty-req` (RFC 4254 section 8).
 *
 * Opcodes 1 to 159 all carry a uint32, so unknown ones are kept. TTY_OP_END stops, an opcode from 160 on stops too
 * (its argument is not defined), and a missing TTY_OP_END is tolerated. A repeated opcode keeps its last value.
 * Throws `MALFORMED_MESSAGE` where an argument is cut short.
 */
export function decodeTerminalModes(encodedModes: Uint8Array): TerminalModes {
  const reader = new ByteReader(encodedModes, 'CHANNEL_REQUEST pty-req, encoded terminal modes')
  const modes = new Map<number, number>()
  while (reader.remainingByteCount > 0) {
    const opcode = reader.readByte('opcode')
    if (!hasArgument(opcode)) break
    modes.set(opcode, reader.readUint32(`argument of opcode ${String(opcode)}`))
  }
  return modes
}

/** Encoded terminal modes with their TTY_OP_END (RFC 4254 section 8). Throws `INVALID_ARGUMENT` for opcodes outside 1 to 159. */
export function encodeTerminalModes(modes: TerminalModes): Uint8Array {
  const fields = [...modes].map(([opcode, argument]) => encodeMode(opcode, argument))
  return joinFields([...fields, Uint8Array.of(endOpcode)])
}

/** Names of the opcodes that RFC 4254 section 8 and RFC 8160 (IUTF8) define, TTY_OP_END left out. */
export const terminalModeNames: ReadonlyMap<number, string> = new Map([
  [1, 'VINTR'],
  [2, 'VQUIT'],
  [3, 'VERASE'],
  [4, 'VKILL'],
  [5, 'VEOF'],
  [6, 'VEOL'],
  [7, 'VEOL2'],
  [8, 'VSTART'],
  [9, 'VSTOP'],
  [10, 'VSUSP'],
  [11, 'VDSUSP'],
  [12, 'VREPRINT'],
  [13, 'VWERASE'],
  [14, 'VLNEXT'],
  [15, 'VFLUSH'],
  [16, 'VSWTCH'],
  [17, 'VSTATUS'],
  [18, 'VDISCARD'],
  [30, 'IGNPAR'],
  [31, 'PARMRK'],
  [32, 'INPCK'],
  [33, 'ISTRIP'],
  [34, 'INLCR'],
  [35, 'IGNCR'],
  [36, 'ICRNL'],
  [37, 'IUCLC'],
  [38, 'IXON'],
  [39, 'IXANY'],
  [40, 'IXOFF'],
  [41, 'IMAXBEL'],
  [42, 'IUTF8'],
  [50, 'ISIG'],
  [51, 'ICANON'],
  [52, 'XCASE'],
  [53, 'ECHO'],
  [54, 'ECHOE'],
  [55, 'ECHOK'],
  [56, 'ECHONL'],
  [57, 'NOFLSH'],
  [58, 'TOSTOP'],
  [59, 'IEXTEN'],
  [60, 'ECHOCTL'],
  [61, 'ECHOKE'],
  [62, 'PENDIN'],
  [70, 'OPOST'],
  [71, 'OLCUC'],
  [72, 'ONLCR'],
  [73, 'OCRNL'],
  [74, 'ONOCR'],
  [75, 'ONLRET'],
  [90, 'CS7'],
  [91, 'CS8'],
  [92, 'PARENB'],
  [93, 'PARODD'],
  [128, 'TTY_OP_ISPEED'],
  [129, 'TTY_OP_OSPEED'],
])

const endOpcode = 0
const firstUndefinedOpcode = 160

function hasArgument(opcode: number): boolean {
  return opcode > endOpcode && opcode < firstUndefinedOpcode
}

function encodeMode(opcode: number, argument: number): Uint8Array {
  if (!Number.isInteger(opcode) || !hasArgument(opcode)) throw unusableOpcode(opcode)
  const field = `argument of terminal mode ${String(opcode)}`
  return joinFields([Uint8Array.of(opcode), uint32Field(argument, field)])
}

function unusableOpcode(opcode: number): HawseError {
  return new HawseError(
    'INVALID_ARGUMENT',
    `Cannot encode terminal mode ${String(opcode)}. Expected an opcode from 1 to 159 (RFC 4254 section 8); leave it out.`,
  )
}
