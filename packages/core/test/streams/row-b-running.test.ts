import { describe, expect, it } from '@jest/globals'
import type { ProcessPort } from '../../src/ports/process-port'
import { runningBench, testBench } from './test-bench'
import { joinBytes, ptyRequest, resizeRequest } from './test-client'

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)

/** The bytes a process was given, as one. */
function inputOf(process: { readonly commands: readonly Parameters<ProcessPort['perform']>[0][] }) {
  return joinBytes(
    process.commands.flatMap((command) =>
      command.type === 'process.write' ? [command.bytes] : [],
    ),
  )
}

describe('B. running', () => {
  it('row 9: brings both outputs, each exact and in order', () => {
    const bench = runningBench()
    bench.process.emit({ type: 'process.output', output: 'stdout', bytes: everyByte })
    bench.process.emit({ type: 'process.output', output: 'stderr', bytes: everyByte })
    bench.process.print('more')
    expect(bench.client.stdoutBytes()).toEqual(
      joinBytes([everyByte, new Uint8Array([109, 111, 114, 101])]),
    )
    expect(bench.client.stderrBytes()).toEqual(everyByte)
    const types = bench.client.events.filter((event) => 'dataType' in event)
    expect(types).toMatchObject([{ dataType: 1 }])
  })

  it('row 10: brings input to the process, exact and in order, and EOF after it', () => {
    const bench = runningBench()
    bench.client.send(everyByte)
    bench.client.send('more')
    bench.client.eof()
    expect(inputOf(bench.process)).toEqual(
      joinBytes([everyByte, new Uint8Array([109, 111, 114, 101])]),
    )
    expect(bench.asked()).toEqual(['start', 'write 256', 'write 4', 'closeInput'])
  })

  it('row 10: half close: the answer still comes back after the client said EOF', async () => {
    const bench = runningBench()
    bench.client.send('b\na\n')
    bench.client.eof()
    bench.process.print('a\nb\n')
    bench.process.endOutputs()
    bench.process.exit(0)
    expect(bench.client.stdout()).toBe('a\nb\n')
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'process',
      traffic: { stdinBytes: 4, stdoutBytes: 4, droppedInputBytes: 0, droppedOutputBytes: 0 },
    })
  })

  it('row 10: EOF on a terminal reaches nothing, as with sshd', () => {
    const bench = testBench({ process: { isTerminal: true } })
    bench.client.request(ptyRequest())
    bench.client.exec('cat')
    bench.client.eof()
    expect(bench.asked()).toEqual(['start'])
  })

  it.each([
    ['Ctrl-D', new Map<number, number>(), 4],
    ['the character the client chose', new Map([[5, 26]]), 26],
  ])('row 10: EOF on a terminal is %s by option', (_, modes, byte) => {
    const bench = testBench({
      process: { isTerminal: true },
      session: { terminalEof: 'sendVeof' },
    })
    bench.client.request(ptyRequest(80, 24, modes))
    bench.client.exec('cat')
    bench.client.eof()
    expect(inputOf(bench.process)).toEqual(Uint8Array.of(byte))
  })

  it('row 10: gives window back for what the process took, and for nothing else', () => {
    const bench = runningBench({
      process: { isReading: false },
      transport: { parameters: { localWindowBytes: 100, localMaximumWindowBytes: 100 } },
    })
    bench.client.send('x'.repeat(250))
    expect(inputOf(bench.process)).toHaveLength(100)
    expect(bench.sent()).toEqual(['success'])
    bench.process.emit({ type: 'process.inputWritten', byteCount: 60 })
    expect(bench.sent()).toEqual(['success', 'windowAdjust 60'])
    expect(inputOf(bench.process)).toHaveLength(160)
  })

  it('row 11: input that a process has closed is consumed, and no error', async () => {
    const bench = runningBench({
      process: { isReading: false },
      transport: { parameters: { localWindowBytes: 100, localMaximumWindowBytes: 100 } },
    })
    bench.client.send('x'.repeat(250))
    bench.process.emit({ type: 'process.inputClosed' })
    bench.process.emit({ type: 'process.inputClosed' })
    expect(inputOf(bench.process)).toHaveLength(100)
    bench.client.eof()
    expect(bench.asked()).not.toContain('closeInput')
    bench.process.endOutputs()
    bench.process.exit(0)
    const { traffic } = await bench.session.outcome
    expect(traffic).toMatchObject({ stdinBytes: 0, droppedInputBytes: 250 })
    expect(bench.sent()).not.toContain('request eow@openssh.com')
  })

  it('row 11: tells eow to a client that says OpenSSH, once', () => {
    const bench = runningBench({ transport: { peerSoftware: 'OpenSSH_9.2p1' } })
    bench.process.emit({ type: 'process.inputClosed' })
    bench.process.emit({ type: 'process.inputClosed' })
    expect(bench.client.requests).toEqual([{ name: 'eow@openssh.com' }])
  })

  it('row 11: tells no eow to a client that has said EOF', () => {
    const bench = runningBench({ transport: { peerSoftware: 'OpenSSH_9.2p1' } })
    bench.client.eof()
    bench.process.emit({ type: 'process.inputClosed' })
    expect(bench.client.requests).toEqual([])
  })

  it('row 12: eow closes stdout of the process, drops what waits, and leaves stderr alone', async () => {
    const bench = runningBench({
      transport: { parameters: { remoteWindowBytes: 10 } },
      client: { isReading: false },
    })
    bench.process.print('0123456789 not sent')
    bench.client.request({ name: 'eow@openssh.com' }, false)
    expect(bench.asked()).toEqual(['start', 'closeOutput stdout'])
    bench.process.print('on its way')
    bench.process.print('yes: broken pipe', 'stderr')
    bench.process.exit('PIPE')
    bench.process.endOutputs()
    bench.client.setReading(true)
    expect(bench.client.stdout()).toBe('0123456789')
    expect(bench.client.stderr()).toBe('yes: broken pipe')
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'process',
      exit: { kind: 'signaled', signal: 'PIPE' },
      traffic: { droppedOutputBytes: 19 },
    })
  })

  it('row 13: sizes after exit change nothing', () => {
    const bench = testBench({ process: { isTerminal: true } })
    bench.client.request(ptyRequest())
    bench.client.exec('top')
    bench.process.exit(0)
    bench.client.request(resizeRequest(1, 1))
    expect(bench.asked()).toEqual(['start'])
    bench.process.endOutputs()
    bench.client.request(resizeRequest(1, 1))
    expect(bench.asked()).toEqual(['start'])
  })

  it('row 14: signals reach the process, and a subsystem gets none', () => {
    const bench = runningBench()
    bench.client.request({ name: 'signal', signal: 'USR1' })
    bench.client.request({ name: 'signal', signal: 'WINCH' })
    expect(bench.asked()).toEqual(['start', 'signal USR1'])
    expect(bench.client.replies).toEqual([true, true, false])
  })

  it('row 16: a client that does not read pauses the process, and resumes it when it does', () => {
    const bench = runningBench({
      session: { outputHighWaterMarkBytes: 100, outputLowWaterMarkBytes: 20 },
      transport: { parameters: { remoteWindowBytes: 50, remoteMaximumPacketBytes: 10 } },
      client: { isReading: false },
    })
    bench.process.print('x'.repeat(100))
    expect(bench.asked()).toEqual(['start'])
    bench.process.print('x'.repeat(50))
    expect(bench.asked()).toEqual(['start'])
    bench.process.print('y', 'stderr')
    bench.process.print('in flight')
    expect(bench.asked()).toEqual(['start', 'pauseOutput'])
    bench.client.setReading(true)
    expect(bench.asked()).toEqual(['start', 'pauseOutput', 'resumeOutput'])
    expect(bench.client.stdout()).toBe(`${'x'.repeat(150)}in flight`)
    expect(bench.client.stderr()).toBe('y')
  })

  it('row 16: a transport that is full holds output back, however wide the window', () => {
    const bench = runningBench()
    bench.pair.serverTransport.block()
    bench.process.print('x'.repeat(300 * 1024))
    expect(bench.client.stdout()).toBe('')
    expect(bench.asked()).toEqual(['start', 'pauseOutput'])
    bench.pair.serverTransport.unblock()
    expect(bench.client.stdout()).toHaveLength(300 * 1024)
    expect(bench.asked()).toEqual(['start', 'pauseOutput', 'resumeOutput'])
  })

  it('row 16: a packet size of 0 is never writable, and no loop', () => {
    const bench = runningBench({ transport: { parameters: { remoteMaximumPacketBytes: 0 } } })
    bench.process.print('x')
    bench.process.exit(3)
    expect(bench.client.stdout()).toBe('')
    expect(bench.client.requests).toEqual([{ name: 'exit-status', code: 3 }])
  })

  it('row 17: extended data of a client is dropped, given back, and disturbs nothing', async () => {
    const bench = runningBench({
      transport: { parameters: { localWindowBytes: 100, localMaximumWindowBytes: 100 } },
    })
    for (let sent = 0; sent < 5; sent += 1) {
      bench.pair.clientTransport.inject({
        type: 'extendedData',
        dataType: 7,
        bytes: new Uint8Array(60),
      })
    }
    bench.process.exit(0)
    bench.process.endOutputs()
    expect((await bench.session.outcome).traffic.droppedInputBytes).toBe(300)
    expect(bench.pair.serverTransport.disconnection).toBeUndefined()
  })

  it('row 18: a client that sends past its window and the grace loses its connection', async () => {
    const bench = runningBench({
      process: { isReading: false },
      transport: { parameters: { localWindowBytes: 100, localMaximumWindowBytes: 100 } },
    })
    bench.client.send('x'.repeat(100))
    bench.pair.clientTransport.inject({ type: 'data', bytes: new Uint8Array(10) })
    expect(bench.pair.serverTransport.disconnection).toBeUndefined()
    bench.pair.clientTransport.inject({ type: 'data', bytes: new Uint8Array(1) })
    expect(bench.pair.serverTransport.disconnection).toMatchObject({ reasonCode: 2 })
    expect(bench.asked().at(-1)).toBe('disconnect')
    bench.process.exit(0)
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'connectionLost',
      traffic: { droppedInputBytes: 110 },
    })
  })

  it('row 18: data after EOF is dropped and counted', async () => {
    const bench = runningBench()
    bench.client.eof()
    bench.pair.clientTransport.inject({ type: 'data', bytes: new Uint8Array(9) })
    bench.process.exit(0)
    bench.process.endOutputs()
    expect(bench.asked()).toEqual(['start', 'closeInput'])
    expect((await bench.session.outcome).traffic.droppedInputBytes).toBe(9)
  })
})
