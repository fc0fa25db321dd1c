import { describe, expect, it } from '@jest/globals'
import {
  refuse,
  type Decision,
  type ExecRequest,
  type HandlerRequest,
} from '../../src/streams/session-handlers'
import { scriptedProcess } from '../../src/testing/scripted-process'
import { describeAsked, settled, testBench } from './test-bench'
import { envRequest, execRequest, ptyRequest, resizeRequest } from './test-client'

/** A handler whose decisions are made later, by the test. */
function lateDecision() {
  const requests: ExecRequest[] = []
  const decide: ((decision: Awaited<Decision>) => void)[] = []
  const fail: ((error: Error) => void)[] = []
  const exec = (request: ExecRequest): Decision => {
    requests.push(request)
    return new Promise((resolve, reject) => {
      decide.push(resolve)
      fail.push(reject)
    })
  }
  return { exec, requests, decide, fail }
}

/** The one request that a bench's handler was given. */
function benchWithRequest(session = {}) {
  const requests: HandlerRequest[] = []
  const process = scriptedProcess()
  const take = (request: HandlerRequest): Decision => {
    requests.push(request)
    return process
  }
  const handlers = { exec: take, shell: take, subsystem: { sftp: take } }
  return { bench: testBench({ process, handlers, session }), requests }
}

describe('A. starting', () => {
  it('row 1: grants no window before the program runs, and then grants it before the reply', async () => {
    const late = lateDecision()
    const bench = testBench({
      handlers: late,
      transport: { parameters: { localWindowBytes: 0, localMaximumWindowBytes: 1000 } },
    })
    bench.client.exec('cat')
    bench.client.send('typed ahead')
    await settled()
    expect(bench.sent()).toEqual([])
    expect(bench.pair.clientTransport.sent.some(({ type }) => type === 'data')).toBe(false)
    late.decide[0]?.(bench.process)
    await settled()
    expect(bench.sent()).toEqual(['windowAdjust 1000', 'success'])
    expect(bench.asked()).toEqual(['start', 'write 11'])
  })

  it('row 1: holds early input where the transport cannot withhold it, and delivers it first', async () => {
    const late = lateDecision()
    const bench = testBench({ handlers: late })
    bench.client.send('early ')
    bench.client.exec('cat')
    bench.client.send('later')
    late.decide[0]?.(bench.process)
    await settled()
    bench.client.send('!')
    expect(bench.asked()).toEqual(['start', 'write 6', 'write 5', 'write 1'])
    expect(bench.client.stdout()).toBe('')
  })

  it('row 2: takes terminal and environment before the start, and hands them to the program', () => {
    const { bench, requests } = benchWithRequest()
    bench.client.request(ptyRequest(100, 30))
    bench.client.request(envRequest('LC_ALL', 'C'))
    bench.client.exec('top')
    bench.client.request(ptyRequest())
    bench.client.request(envRequest('LC_TIME', 'C'))
    expect(bench.client.replies).toEqual([true, true, true, false, false])
    expect(requests[0]).toMatchObject({
      pty: { term: 'xterm', size: { columns: 100, rows: 30 } },
      env: { LC_ALL: 'C' },
      hasAgentForwarding: false,
    })
    expect(requests[0]?.x11).toBeUndefined()
  })

  it('row 3: refuses a second program, which disturbs nothing', async () => {
    const bench = testBench()
    bench.client.exec('first')
    bench.client.exec('second')
    bench.client.request({ name: 'shell' })
    bench.client.request({ name: 'subsystem', subsystem: 'sftp' })
    bench.client.send('in')
    bench.process.print('out')
    bench.process.exit(7)
    bench.process.endOutputs()
    expect(bench.client.replies).toEqual([true, false, false, false])
    expect(bench.asked()).toEqual(['start', 'write 2'])
    expect(bench.client.stdout()).toBe('out')
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'process',
      exit: { kind: 'exited', code: 7 },
    })
  })

  it('row 3: runs shells and subsystems too, and tells the handler which', () => {
    const { bench, requests } = benchWithRequest()
    bench.client.request({ name: 'subsystem', subsystem: 'sftp' })
    expect(requests[0]).toMatchObject({ subsystem: 'sftp' })
    const second = benchWithRequest()
    second.bench.client.request({ name: 'shell' })
    expect(second.bench.client.replies).toEqual([true])
    expect(second.requests).toHaveLength(1)
  })

  it('row 4: replies in the order of the requests, however late the decision', async () => {
    const late = lateDecision()
    const bench = testBench({ handlers: late })
    bench.client.request(envRequest('LANG', 'C'))
    bench.client.exec('cat')
    bench.client.request({ name: 'unknown', requestType: 'x@y', data: new Uint8Array() })
    bench.client.request(envRequest('LC_ALL', 'C'))
    bench.client.request({ name: 'signal', signal: 'TERM' })
    bench.client.request(resizeRequest(1, 1))
    expect(bench.client.replies).toEqual([true])
    late.decide[0]?.(bench.process)
    await settled()
    expect(bench.client.replies).toEqual([true, true, false, false, true, true])
  })

  it('row 4: gives no reply where none is wanted', () => {
    const bench = testBench()
    bench.client.request({ name: 'unknown', requestType: 'x@y', data: new Uint8Array() }, false)
    bench.client.request(envRequest('LANG', 'C'), false)
    bench.client.request(execRequest('cat'), false)
    expect(bench.client.replies).toEqual([])
    expect(bench.asked()).toEqual(['start'])
  })

  it('row 5: ssh -n with a decision that comes late: EOF waits for the program', async () => {
    const late = lateDecision()
    const bench = testBench({ handlers: late })
    bench.client.exec('cat')
    bench.client.eof()
    bench.clock.advance(100)
    expect(bench.asked()).toEqual([])
    late.decide[0]?.(bench.process)
    await settled()
    expect(bench.asked()).toEqual(['start', 'closeInput'])
    bench.process.print('out')
    bench.process.exit(0)
    bench.process.endOutputs()
    expect(bench.client.stdout()).toBe('out')
    expect((await bench.session.outcome).durationMs).toBe(100)
  })

  it('row 5: data, signals and sizes that come before the start are applied after it, in order', async () => {
    const late = lateDecision()
    const process = scriptedProcess({ isTerminal: true })
    const bench = testBench({ handlers: late, process })
    bench.client.request(ptyRequest())
    bench.client.exec('cat')
    bench.client.send('a')
    bench.client.request({ name: 'signal', signal: 'INT' }, false)
    bench.client.send('bc')
    bench.client.request(resizeRequest(120, 50), false)
    late.decide[0]?.(process)
    await settled()
    expect(process.commands.map(describeAsked)).toEqual([
      'resize 120x50',
      'start',
      'write 1',
      'signal INT',
      'write 2',
    ])
  })

  it('row 5: what comes while the program starts is applied after it too', () => {
    const process = scriptedProcess({ isStartedAtOnce: false })
    const bench = testBench({ process })
    bench.client.exec('cat')
    bench.client.send('abc')
    bench.client.eof()
    expect(bench.asked()).toEqual(['start'])
    expect(bench.client.replies).toEqual([])
    process.emit({ type: 'process.started', outputs: ['stdout', 'stderr'], isTerminal: false })
    expect(bench.asked()).toEqual(['start', 'write 3', 'closeInput'])
    expect(bench.client.replies).toEqual([true])
  })

  it('row 5: tells the handler that its client has gone, and starts nothing then', async () => {
    const late = lateDecision()
    const bench = testBench({ handlers: late })
    bench.client.exec('cat')
    expect(late.requests[0]?.signal.aborted).toBe(false)
    bench.client.close()
    expect(late.requests[0]?.signal.aborted).toBe(true)
    late.decide[0]?.(bench.process)
    await settled()
    expect(bench.asked()).toEqual([])
    expect(await bench.session.outcome).toMatchObject({ endedBy: 'peerClose', exit: null })
  })

  const broken: readonly (readonly [string, () => Decision])[] = [
    [
      'throws',
      () => {
        throw new Error('database is down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('database is down'))],
  ]

  it.each(broken)(
    'row 6: a handler that %s gets a failure and a line, and can be asked again',
    async (_, exec) => {
      const bench = testBench({ handlers: { exec, shell: () => scriptedProcess() } })
      bench.client.exec('ls')
      await settled()
      expect(bench.client.replies).toEqual([false])
      expect(bench.client.stderr()).toBe('the exec handler of this server failed\n')
      bench.client.request({ name: 'shell' })
      expect(bench.client.replies).toEqual([false, true])
    },
  )

  it.each(broken)(
    'row 6: a handler that %s is in the outcome of a client that then leaves',
    async (_, exec) => {
      const bench = testBench({ handlers: { exec } })
      bench.client.exec('ls')
      await settled()
      bench.client.close()
      expect(await bench.session.outcome).toMatchObject({
        endedBy: 'failed',
        reason: 'the exec handler failed: database is down',
        exit: null,
      })
    },
  )

  it('row 6: shows the reason of a refusal, on a terminal with a carriage return', async () => {
    const bench = testBench({ handlers: { exec: () => refuse('no such\nrepository') } })
    bench.client.request(ptyRequest())
    bench.client.exec('git')
    expect(bench.client.stderr()).toBe('no such repository\r\n')
    bench.client.close()
    expect(await bench.session.outcome).toMatchObject({ endedBy: 'policy', exit: null })
  })

  it('row 6: a refusal has to say why', () => {
    expect(() => refuse(' ')).toThrow('refuse() needs a reason')
  })

  const unserved = [
    ['exec', execRequest('ls'), 'commands are not served here\n'],
    ['shell', { name: 'shell' }, 'shell requests are not served here\n'],
    [
      'subsystem',
      { name: 'subsystem', subsystem: 'constructor' },
      'no subsystem "constructor" here\n',
    ],
    [
      'subsystem with control characters',
      { name: 'subsystem', subsystem: 'a\u001b[2J' },
      'no subsystem "a?[2J" here\n',
    ],
  ] as const

  it.each(unserved)(
    'row 6: nothing configured is refused with a reason: %s',
    (_, request, line) => {
      const bench = testBench({ handlers: {} })
      bench.client.request(request)
      expect(bench.client.replies).toEqual([false])
      expect(bench.client.stderr()).toBe(line)
    },
  )

  it.each([
    ['notFound', 127],
    ['notPermitted', 126],
    ['noResources', 254],
    ['failed', 254],
  ] as const)(
    'row 6: a start that fails as %s is exit status %i with a line',
    async (failure, code) => {
      const process = scriptedProcess({ isStartedAtOnce: false })
      const bench = testBench({ process })
      bench.client.exec('nope')
      process.emit({ type: 'process.startFailed', failure, message: 'nope: cannot be run' })
      expect(bench.client.replies).toEqual([true])
      expect(bench.client.stderr()).toBe('nope: cannot be run\n')
      expect(bench.client.requests).toEqual([{ name: 'exit-status', code }])
      expect(await bench.session.outcome).toMatchObject({
        endedBy: 'failed',
        reason: 'nope: cannot be run',
        exit: { kind: 'exited', code },
      })
      expect(bench.sent().slice(-2)).toEqual(['eof', 'close'])
    },
  )

  it('row 7: takes the variables that the policy names, LANG and LC_* by default', () => {
    const { bench, requests } = benchWithRequest()
    for (const name of ['LANG', 'LC_ALL', 'PATH', 'LD_PRELOAD', 'XLANG', 'LANG2', 'lc_all', '']) {
      bench.client.request(envRequest(name, 'x'))
    }
    bench.client.exec('env')
    expect(requests[0]?.env).toEqual({ LANG: 'x', LC_ALL: 'x' })
    expect(bench.client.replies).toEqual([true, true, ...Array<boolean>(6).fill(false), true])
  })

  it('row 7: keeps 128 names and no more, but a name that is set again', () => {
    const { bench, requests } = benchWithRequest({ acceptEnv: ['*'] })
    for (let index = 0; index < 129; index += 1) {
      bench.client.request(envRequest(`N${String(index)}`, 'x'))
    }
    bench.client.request(envRequest('N5', 'last wins'))
    bench.client.exec('env')
    expect(bench.client.replies.slice(127)).toEqual([true, false, true, true])
    expect(Object.keys(requests[0]?.env ?? {})).toHaveLength(128)
    expect(requests[0]?.env['N5']).toBe('last wins')
  })

  it('row 7: keeps 64 KiB of names and values, in bytes of UTF-8, and no more', () => {
    const { bench, requests } = benchWithRequest({ acceptEnv: ['*'] })
    bench.client.request(envRequest('AB', 'x'.repeat(30_000)))
    bench.client.request(envRequest('CD', 'é'.repeat(17_765)))
    bench.client.request(envRequest('E', 'x'))
    bench.client.request(envRequest('E', ''))
    bench.client.request(envRequest('AB', ''))
    bench.client.request(envRequest('E', 'x'))
    bench.client.exec('env')
    // 2 + 30000 + 2 + 35530 = 65534 of 65536 bytes: one more name fits with a value of one byte.
    expect(bench.client.replies).toEqual([true, true, true, true, true, true, true])
    expect(requests[0]?.env['E']).toBe('x')
    const full = benchWithRequest({ acceptEnv: ['*'] })
    full.bench.client.request(envRequest('A', 'x'.repeat(65_535)))
    full.bench.client.request(envRequest('B', ''))
    expect(full.bench.client.replies).toEqual([true, false])
  })

  it.each([
    ['A=B', 'x'],
    ['A\0', 'x'],
    ['A', 'x\0'],
  ])('row 7: refuses %p = %p, which no environment can hold', (name, value) => {
    const { bench } = benchWithRequest({ acceptEnv: ['*'] })
    bench.client.request(envRequest(name, value))
    expect(bench.client.replies).toEqual([false])
  })

  it.each([
    ['value', { variable: 'A', value: '\uFFFDa', valueBytes: Uint8Array.of(0xff, 0x61) }],
    ['name', { variable: 'A\uFFFD', value: 'a', valueBytes: Uint8Array.of(0x61) }],
  ])('row 7: refuses a %s that is not UTF-8, and so alters none', (_, variable) => {
    const { bench } = benchWithRequest({ acceptEnv: ['*'] })
    bench.client.request({ name: 'env', ...variable })
    expect(bench.client.replies).toEqual([false])
  })

  it.each([
    ['LC_*', 'LC_', true],
    ['LC_*', 'xLC_A', false],
    ['A?C', 'ABC', true],
    ['A?C', 'AC', false],
    ['A.C', 'ABC', false],
    ['*', 'A\nB', true],
    ['[A]', 'A', false],
  ])('row 7: pattern %p and %p: %p', (pattern, name, isAccepted) => {
    const { bench } = benchWithRequest({ acceptEnv: [pattern] })
    bench.client.request(envRequest(name, 'x'))
    expect(bench.client.replies).toEqual([isAccepted])
  })
})
