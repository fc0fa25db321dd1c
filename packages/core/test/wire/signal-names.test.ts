import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { constants } from 'node:os'
import {
  exitSignalName,
  isRfcSignalName,
  rfcSignalNames,
  signalNameOf,
} from '../../src/wire/signal-names'

const wireName = /^[\x21-\x2b\x2d-\x7e]+$/

describe('rfcSignalNames', () => {
  it('are the 13 of RFC 4254 section 6.10', () => {
    expect(rfcSignalNames.join(' ')).toBe(
      'ABRT ALRM FPE HUP ILL INT KILL PIPE QUIT SEGV TERM USR1 USR2',
    )
  })

  it('are told from others', () => {
    expect(rfcSignalNames.every(isRfcSignalName)).toBe(true)
    expect(['BUS', 'SIGTERM', 'term', '', 'RTMIN'].some(isRfcSignalName)).toBe(false)
  })
})

describe('exitSignalName', () => {
  it.each([
    ['TERM', 'TERM'],
    ['SIGTERM', 'TERM'],
    ['BUS', 'BUS@linux'],
    ['SIGBUS', 'BUS@linux'],
    ['RTMIN+3', 'RTMIN+3@linux'],
    ['term', 'term@linux'],
    ['BUS@freebsd', 'BUS@freebsd'],
    ['SIG@openssh.com', 'SIG@openssh.com'],
    ['', 'UNKNOWN@linux'],
    ['SIG', 'UNKNOWN@linux'],
    ['BÜS', 'UNKNOWN@linux'],
    ['BÜS@linux', 'UNKNOWN@linux'],
    ['A B', 'UNKNOWN@linux'],
    ['A,B', 'UNKNOWN@linux'],
    ['BUS\n', 'UNKNOWN@linux'],
    ['A'.repeat(64), `${'A'.repeat(64)}@linux`],
    ['A'.repeat(65), 'UNKNOWN@linux'],
  ])('turns %j into %s', (signal, name) => {
    expect(exitSignalName(signal, 'linux')).toBe(name)
  })

  it('never throws and is always a name that SSH allows', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (signal) => {
        const name = exitSignalName(signal, 'linux')
        expect(name).toMatch(wireName)
        expect(isRfcSignalName(name) || name.includes('@')).toBe(true)
      }),
    )
  })
})

describe('signalNameOf', () => {
  it.each([
    [1, 'HUP'],
    [6, 'ABRT'],
    [9, 'KILL'],
    [15, 'TERM'],
    [34, 'RTMIN'],
    [37, 'RTMIN+3'],
    [64, 'RTMIN+30'],
    [0, 'SIGNAL-0'],
    [33, 'SIGNAL-33'],
    [65, 'SIGNAL-65'],
    [-1, 'SIGNAL--1'],
    [1.5, 'SIGNAL-1.5'],
    [40.5, 'SIGNAL-40.5'],
    [Number.NaN, 'SIGNAL-NaN'],
  ])('names %p %s by the table of Node', (signal, name) => {
    expect(signalNameOf(signal, constants.signals)).toBe(name)
  })

  it('gives back every RFC name of the table of Node', () => {
    const numbers: Readonly<Record<string, number>> = constants.signals
    const names = rfcSignalNames.map((name) => signalNameOf(numbers[`SIG${name}`] ?? -1, numbers))
    expect(names).toEqual(rfcSignalNames)
  })

  it('prefers an RFC name, then the first in the table, and the table to the real-time range', () => {
    const table = { SIGIOT: 6, SIGABRT: 6, SIGPOLL: 29, SIGIO: 29, SIGCUSTOM: 40 }
    expect([6, 29, 40, 15].map((signal) => signalNameOf(signal, table))).toEqual([
      'ABRT',
      'POLL',
      'CUSTOM',
      'SIGNAL-15',
    ])
  })

  it('gives every number a name that exit-signal can carry', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double()), (signal) => {
        const name = signalNameOf(signal, constants.signals)
        expect(exitSignalName(name, 'linux')).not.toBe('UNKNOWN@linux')
      }),
    )
  })
})
