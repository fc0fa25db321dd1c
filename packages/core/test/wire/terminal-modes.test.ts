import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  decodeTerminalModes,
  encodeTerminalModes,
  terminalModeNames,
} from '../../src/wire/terminal-modes'
import { terminalModes } from './arbitrary-message'
import { codeThrownBy, hex, messageThrownBy } from './wire-bytes'

describe('decodeTerminalModes', () => {
  it('reads control characters, flags and speeds (RFC 4254 section 8)', () => {
    const modes = decodeTerminalModes(hex('03 0000007f 35 00000000 81 00009600 80 00009600 00'))
    expect([...modes]).toEqual([
      [3, 127],
      [53, 0],
      [129, 38400],
      [128, 38400],
    ])
  })

  it('reads values whose high byte is set', () => {
    expect([...decodeTerminalModes(hex('01 ff000003 00'))]).toEqual([[1, 0xff000003]])
  })

  it('keeps unknown opcodes up to 159', () => {
    const modes = decodeTerminalModes(hex('13 00000001 7f 00000002 9f 00000003 00'))
    expect([...modes.keys()]).toEqual([19, 127, 159])
  })

  it('stops at an opcode from 160 on, whatever follows', () => {
    for (const opcode of ['a0', 'ff']) {
      const modes = decodeTerminalModes(hex(`01 00000003 ${opcode} 35 0000`))
      expect([...modes]).toEqual([[1, 3]])
    }
  })

  it('stops at TTY_OP_END, whatever follows', () => {
    expect([...decodeTerminalModes(hex('01 00000003 00 35 00'))]).toEqual([[1, 3]])
  })

  it('tolerates that TTY_OP_END is missing, and no modes at all', () => {
    expect([...decodeTerminalModes(hex('01 00000003'))]).toEqual([[1, 3]])
    expect(decodeTerminalModes(hex('')).size).toBe(0)
  })

  it('keeps the last value of a repeated opcode', () => {
    expect([...decodeTerminalModes(hex('35 00000001 35 00000000 00'))]).toEqual([[53, 0]])
  })

  it('refuses an argument cut short, naming the opcode', () => {
    for (const digits of ['01', '01 00', '01 0000', '01 000000', '35 00000001 01 000000']) {
      expect(codeThrownBy(() => decodeTerminalModes(hex(digits)))).toBe('MALFORMED_MESSAGE')
    }
    expect(messageThrownBy(() => decodeTerminalModes(hex('2a 0000')))).toContain('opcode 42')
  })

  it('throws nothing but MALFORMED_MESSAGE on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (encodedModes) => {
        const code = codeThrownBy(() => decodeTerminalModes(encodedModes))
        expect(['returned', 'MALFORMED_MESSAGE']).toContain(code)
      }),
    )
  })
})

describe('encodeTerminalModes', () => {
  it('writes the modes in order and TTY_OP_END', () => {
    const modes = new Map([
      [129, 38400],
      [1, 3],
    ])
    expect(encodeTerminalModes(modes)).toEqual(hex('81 00009600 01 00000003 00'))
    expect(encodeTerminalModes(new Map())).toEqual(hex('00'))
  })

  it('gives back what it encodes', () => {
    fc.assert(
      fc.property(terminalModes, (modes) => {
        expect([...decodeTerminalModes(encodeTerminalModes(modes))]).toEqual([...modes])
      }),
    )
  })

  it.each([0, 160, 255, 256, -1, 1.5, Number.NaN])('refuses opcode %p', (opcode) => {
    const call = () => encodeTerminalModes(new Map([[opcode, 1]]))
    expect(codeThrownBy(call)).toBe('INVALID_ARGUMENT')
  })

  it('refuses an argument that is no uint32', () => {
    const call = () => encodeTerminalModes(new Map([[1, -1]]))
    expect(messageThrownBy(call)).toContain('argument of terminal mode 1')
  })
})

describe('terminalModeNames', () => {
  it('names the 56 opcodes of RFC 4254 section 8 and RFC 8160, each once', () => {
    expect(terminalModeNames.size).toBe(56)
    expect(new Set(terminalModeNames.values()).size).toBe(56)
  })

  it.each([
    [1, 'VINTR'],
    [18, 'VDISCARD'],
    [30, 'IGNPAR'],
    [42, 'IUTF8'],
    [50, 'ISIG'],
    [62, 'PENDIN'],
    [70, 'OPOST'],
    [75, 'ONLRET'],
    [90, 'CS7'],
    [93, 'PARODD'],
    [128, 'TTY_OP_ISPEED'],
    [129, 'TTY_OP_OSPEED'],
  ])('has %i as %s', (opcode, name) => {
    expect(terminalModeNames.get(opcode)).toBe(name)
  })
})
