import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { exited, signaled } from '@hawse/core'
import { lineSink } from '../src/line-sink'
import { parseOptions } from '../src/options'
import { exitCodeOf, outcomeWords, overallExitCode, type Report } from '../src/report'
import { hostsIn, parseTarget } from '../src/target'

describe('a host', () => {
  it.each([
    ['web1', 'me', 'web1', 22],
    ['you@web1', 'you', 'web1', 22],
    ['web1:2222', 'me', 'web1', 2222],
    ['you@[::1]:2222', 'you', '::1', 2222],
    ['fe80::1', 'me', 'fe80::1', 22],
  ])('is read from %s', (label, user, host, port) => {
    expect(parseTarget(label, 'me')).toEqual({ label, user, host, port })
  })

  it.each(['', '@', 'a b', 'web1:', 'web1:0', 'web1:65536', '[web1]:22', 'you@'])(
    'is not read from %j, and that is said',
    (label) => {
      expect(() => parseTarget(label, 'me')).toThrow('is no host; expected [USER@]HOST[:PORT]')
    },
  )

  it('is a line of a file, without comments', () => {
    expect(hostsIn('# all\nweb1 # first\n\n  you@web2:1\n')).toEqual(['web1', 'you@web2:1'])
  })
})

describe('the command line', () => {
  it('has hosts before --, and the words of the command behind it', () => {
    expect(parseOptions(['-P', '3', 'a', 'b', '--', 'ls', '-l', '--'])).toMatchObject({
      ...{ hosts: ['a', 'b'], command: 'ls -l --', parallel: 3, timeoutMs: undefined },
    })
  })

  it.each([
    [['a'], 'put it behind --'],
    [['a', '--', ' '], 'put it behind --'],
    [['--', 'ls'], 'there is no host'],
    [['-P', '0', 'a', '--', 'ls'], '--parallel 0: expected'],
    [['-t', '0', 'a', '--', 'ls'], '--timeout 0: expected more'],
    [['-t', 'x', 'a', '--', 'ls'], '--timeout x: expected seconds'],
    [['--prot', '--', 'ls'], 'run with --help'],
  ])('%j is refused in words', (args, advice) => {
    expect(() => parseOptions(args)).toThrow(advice)
  })
})

describe('lines', () => {
  const collected = () => {
    const pieces: Buffer[] = []
    const sink = lineSink(Buffer.from('h: '), (bytes) => void pieces.push(Buffer.from(bytes)))
    return { sink, pieces }
  }

  it('come whole and as they were, however they arrive', () => {
    const byte = fc.constantFrom(0x0a, 0x00, 0x41, 0xff, 0x0d)
    const pieces$ = fc.array(
      fc
        .uint8Array({ maxLength: 20 })
        .chain((bytes) => fc.array(byte, { minLength: bytes.length, maxLength: bytes.length })),
    )
    fc.assert(
      fc.property(pieces$, (arriving) => {
        const { sink, pieces } = collected()
        for (const bytes of arriving) void sink.write(Buffer.from(bytes))
        void sink.end()
        const sent = Buffer.concat(arriving.map((bytes) => Buffer.from(bytes))).toString('latin1')
        const lines = sent === '' ? [] : sent.replace(/\n$/, '').split('\n')
        expect(Buffer.concat(pieces).toString('latin1')).toBe(
          lines.map((line) => `h: ${line}\n`).join(''),
        )
        for (const piece of pieces) expect(piece.at(-1)).toBe(0x0a)
      }),
      { numRuns: 500 },
    )
  })

  it('are cut where they have no end', () => {
    const { sink, pieces } = collected()
    for (let index = 0; index < 10; index += 1) void sink.write(Buffer.alloc(10_000, 0x41))
    expect(pieces.map((piece) => piece.length)).toEqual([3 + 65_536 + 1])
    void sink.end()
    expect(pieces.map((piece) => piece.length)).toEqual([65_540, 3 + 100_000 - 65_536 + 1])
  })
})

describe('the exit code and the words', () => {
  const report = (outcome: Report['outcome'], isTimedOut = false): Report => ({
    ...{ outcome, isTimedOut, durationMs: 1, outputBytes: 0 },
    target: parseTarget('web1', 'me'),
  })

  it.each<[number, Report]>([
    [0, report(exited(0))],
    [7, report(exited(7))],
    [130, report(signaled('INT'))],
    [135, report(signaled('BUS@example.com'))],
    [255, report(signaled('SIG@openssh.com'))],
    [124, report(signaled('TERM'), true)],
    [130, report({ kind: 'skipped' })],
    [255, report({ kind: 'unreachable', message: 'no route to it' })],
  ])('is %d for one', (code, one) => {
    expect(exitCodeOf(one)).toBe(code)
  })

  it.each<[string, Report]>([
    ['exited', report(exited(3))],
    ['killed by SIGBUS', report(signaled('BUS@example.com'))],
    ['killed by a signal', report(signaled('SIG@openssh.com'))],
    ['timed out, killed by SIGTERM', report(signaled('TERM'), true)],
    ['refused: by none', report({ kind: 'refused', message: 'by none' })],
  ])('are %s for one', (words, one) => {
    expect(outcomeWords(one)).toBe(words)
  })

  it('is the highest for all, and 0 for none', () => {
    expect(overallExitCode([report(exited(1)), report(exited(3)), report(exited(0))])).toBe(3)
    expect(overallExitCode([])).toBe(0)
  })
})
