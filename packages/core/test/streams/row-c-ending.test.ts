import { describe, expect, it } from '@jest/globals'
import { lost, unreported } from '../../src/ports/exit-outcome'
import { runningBench, testBench } from './test-bench'
import { execRequest, ptyRequest } from './test-client'

const slowClient = {
  transport: { parameters: { remoteWindowBytes: 3 } },
  client: { isReading: false },
}

describe('C. ending', () => {
  it('row 19: sends EOF once, after both outputs and every byte of both', () => {
    const bench = runningBench()
    bench.process.print('out')
    bench.process.endOutputs('stdout')
    bench.process.endOutputs('stdout')
    bench.process.print('err', 'stderr')
    expect(bench.sent()).not.toContain('eof')
    bench.process.endOutputs('stderr')
    bench.process.endOutputs('stderr')
    expect(bench.sent()).toEqual(['success', 'data 3', 'extendedData 3', 'eof'])
  })

  it('row 19: the end of a terminal is the end of both', () => {
    const bench = testBench({ process: { isTerminal: true } })
    bench.client.request(ptyRequest())
    bench.client.exec('top')
    bench.process.endOutputs('stdout')
    expect(bench.sent().at(-1)).toBe('eof')
  })

  it('row 19: EOF waits behind what a slow client has not taken', () => {
    const bench = runningBench(slowClient)
    bench.process.print('abcdef')
    bench.process.endOutputs()
    expect(bench.sent()).toEqual(['success', 'data 3'])
    bench.client.setReading(true)
    expect(bench.sent()).toEqual(['success', 'data 3', 'data 3', 'eof'])
  })

  it('row 20: exit before the end of output: report, EOF, CLOSE', async () => {
    const bench = runningBench()
    bench.process.exit(3)
    bench.process.endOutputs()
    expect(bench.sent()).toEqual(['success', 'request exit-status', 'eof', 'close'])
    expect(await bench.session.outcome).toMatchObject({ exit: { kind: 'exited', code: 3 } })
  })

  it('row 20: exit after the end of output: EOF, report, CLOSE', () => {
    const bench = runningBench()
    bench.process.endOutputs()
    bench.process.exit(3)
    expect(bench.sent()).toEqual(['success', 'eof', 'request exit-status', 'close'])
  })

  it('row 20: an exit does not wait for a reader, and CLOSE does', () => {
    const bench = runningBench(slowClient)
    bench.process.print('abcdef')
    bench.process.exit(3)
    bench.process.endOutputs()
    expect(bench.sent()).toEqual(['success', 'data 3', 'request exit-status'])
    bench.client.setReading(true)
    expect(bench.sent().slice(-3)).toEqual(['data 3', 'eof', 'close'])
    expect(bench.client.stdout()).toBe('abcdef')
  })

  it('row 20: an exit that is told twice is reported once', () => {
    const bench = runningBench()
    bench.process.exit(3)
    bench.process.exit(4)
    bench.process.endOutputs()
    bench.process.exit(5)
    expect(bench.client.requests).toEqual([{ name: 'exit-status', code: 3 }])
  })

  it('row 20: nothing is sent after CLOSE', () => {
    const bench = runningBench({ client: { isAnsweringClose: false } })
    bench.process.exit(0)
    bench.process.endOutputs()
    const sent = bench.sent().length
    bench.client.request(execRequest('more'))
    bench.session.warn('too late')
    bench.process.print('late')
    expect(bench.sent()).toHaveLength(sent)
  })

  it.each([
    [0, 0],
    [255, 255],
    [4_294_967_295, 4_294_967_295],
    [-1, 4_294_967_295],
  ])('row 21: exit status %i is %i on the wire', (code, onWire) => {
    const bench = runningBench()
    bench.process.exit(code)
    expect(bench.client.requests).toEqual([{ name: 'exit-status', code: onWire }])
  })

  it.each([
    ['TERM', 'TERM'],
    ['SIGTERM', 'TERM'],
    ['BUS', 'BUS@openssh.com'],
    ['XCPU', 'XCPU@openssh.com'],
    ['SYS', 'SYS@openssh.com'],
    ['RTMIN+3', 'RTMIN+3@openssh.com'],
    ['', 'UNKNOWN@openssh.com'],
  ])('row 21: death by %s is exit-signal %s', (signal, onWire) => {
    const bench = runningBench()
    bench.process.exit(signal)
    expect(bench.client.requests).toMatchObject([{ name: 'exit-signal', signal: onWire }])
  })

  it('row 21: carries the core flag, the message and its language; the domain is an option', () => {
    const bench = runningBench({ session: { signalDomain: 'linux' } })
    const outcome = {
      kind: 'signaled',
      signal: 'BUS',
      hasCoreDumped: true,
      message: 'bus error',
      languageTag: 'en',
    } as const
    bench.process.emit({ type: 'process.exited', outcome })
    expect(bench.client.requests).toEqual([
      {
        name: 'exit-signal',
        signal: 'BUS@linux',
        hasCoreDumped: true,
        message: 'bus error',
        languageTag: 'en',
      },
    ])
  })

  it.each([
    ['KILL', 137],
    ['TERM', 143],
    ['NOSUCH', 255],
  ])('row 21: reports %s as exit status %i by option', (signal, code) => {
    const bench = runningBench({ session: { signalReport: 'exit-status' } })
    bench.process.exit(signal)
    expect(bench.client.requests).toEqual([{ name: 'exit-status', code }])
  })

  it.each([unreported('the relay was cut'), lost('the relay was cut')])(
    'row 26: an exit that is $kind is not reported, and no success',
    async (outcome) => {
      const bench = runningBench()
      bench.process.emit({ type: 'process.exited', outcome })
      bench.process.endOutputs()
      expect(bench.client.requests).toEqual([])
      expect(await bench.session.outcome).toMatchObject({ endedBy: 'process', exit: outcome })
    },
  )

  it('row 22: late output of a grandchild arrives after the report and before CLOSE', async () => {
    const bench = runningBench()
    bench.process.print('early\n')
    bench.process.exit(3)
    expect(bench.client.has('channel.closeReceived')).toBe(false)
    bench.clock.advance(3_600_000)
    bench.process.print('late\n')
    bench.process.endOutputs()
    expect(bench.client.stdout()).toBe('early\nlate\n')
    expect(await bench.session.outcome).toMatchObject({ isOutputTruncated: false })
  })

  it('row 22: drainTimeoutMs cuts that short, and the outcome says so', async () => {
    const bench = runningBench({ session: { drainTimeoutMs: 1_000 } })
    bench.process.endOutputs('stderr')
    bench.process.exit(3)
    bench.clock.advance(999)
    bench.process.print('in time\n')
    expect(bench.asked()).toEqual(['start'])
    bench.clock.advance(1)
    expect(bench.asked()).toEqual(['start', 'closeOutput stdout'])
    bench.process.print('too late\n')
    bench.process.endOutputs('stdout')
    expect(bench.client.stdout()).toBe('in time\n')
    expect(bench.sent().slice(-2)).toEqual(['eof', 'close'])
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'process',
      isOutputTruncated: true,
      traffic: { droppedOutputBytes: 0 },
    })
  })

  it('row 22: drainTimeoutMs is no limit on a client that reads slowly', () => {
    const bench = runningBench({ ...slowClient, session: { drainTimeoutMs: 1_000 } })
    bench.process.print('abcdef')
    bench.process.exit(3)
    bench.process.endOutputs()
    bench.clock.advance(10_000)
    bench.client.setReading(true)
    expect(bench.client.stdout()).toBe('abcdef')
  })

  it('row 23: a channel closed before any program is answered at once', async () => {
    const bench = testBench()
    bench.client.close()
    expect(bench.sent()).toEqual(['close'])
    expect(await bench.session.outcome).toMatchObject({ endedBy: 'peerClose', exit: null })
  })

  it('row 23: after the CLOSE of a client outputs are freed, and report and CLOSE follow the end', async () => {
    const bench = runningBench()
    bench.client.close()
    expect(bench.asked()).toEqual([
      'start',
      'closeInput',
      'closeOutput stdout',
      'closeOutput stderr',
    ])
    expect(bench.sent()).toEqual(['success'])
    bench.process.endOutputs()
    bench.process.exit('PIPE')
    expect(bench.sent()).toEqual(['success', 'request exit-signal', 'close'])
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'peerClose',
      exit: { kind: 'signaled', signal: 'PIPE' },
    })
  })

  it('row 23: the CLOSE of a client while output waits is answered, and the output counted', async () => {
    const bench = runningBench(slowClient)
    bench.process.print('abcdef')
    bench.process.exit(0)
    bench.client.close()
    expect(bench.sent().at(-1)).toBe('close')
    expect((await bench.session.outcome).traffic.droppedOutputBytes).toBe(3)
  })

  it('row 23: the CLOSE of a client that holds unread input does not wait for it', async () => {
    const bench = runningBench({ process: { isReading: false } })
    bench.client.send('never read')
    bench.client.close()
    bench.process.exit(0)
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'peerClose',
      traffic: { stdinBytes: 0, droppedInputBytes: 10 },
    })
  })

  it('row 26: counts bytes by stream', async () => {
    const bench = runningBench()
    bench.client.send('12345')
    bench.process.print('123')
    bench.process.print('1234', 'stderr')
    bench.clock.advance(2_500)
    bench.process.exit(0)
    bench.process.endOutputs()
    expect(await bench.session.outcome).toEqual({
      endedBy: 'process',
      reason: 'the process ended',
      exit: { kind: 'exited', code: 0 },
      isOutputTruncated: false,
      durationMs: 2_500,
      traffic: {
        stdinBytes: 5,
        stdoutBytes: 3,
        stderrBytes: 4,
        droppedInputBytes: 0,
        droppedOutputBytes: 0,
      },
    })
  })
})
