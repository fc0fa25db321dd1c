import { writeFile } from 'node:fs/promises'
import { ReadableStream, WritableStream } from 'node:stream/web'
import { expect, it } from '../test-framework'
import {
  bytePipe,
  closedSink,
  fromWebStream,
  linesOf,
  redirect,
  run,
  stream,
  toFunction,
  toWebStream,
  webSourceOf,
} from '@hawse/core'
import { lastValueFrom, reduce, take } from 'rxjs'
import { runErrorOf, stdoutOf, type RunSuite } from './run-suite'

/** Streams: output while the process runs, in every form, and redirection. */
export function describeRunStreams(suite: RunSuite): void {
  const { isTerminal, hasPipes, isRemote = false } = suite.capabilities
  /** Where outputs are sockets, a writer whose reader left sees an error that it calls a failure. */
  const leaving = { shouldReject: hasPipes || isTerminal }

  it('gives a line while the process still runs', async () => {
    const streaming = stream(
      suite.script(`echo one; ${suite.waitFor('go')}; printf 'two\\r\\nend'`),
    )
    const lines: string[] = []
    for await (const line of streaming.lines()) {
      lines.push(line)
      if (line === 'one') await writeFile(suite.file('go'), '')
    }
    expect(lines).toEqual(['one', 'two', 'end'])
    expect((await streaming.result).outcome).toEqual({ kind: 'exited', code: 0 })
  })

  it('keeps characters whole that come in pieces', async () => {
    const script = `printf '\\342\\202'; ${suite.waitFor('go')}; printf '\\254\\n'`
    const process = suite.script(script)
    const streaming = stream(process)
    const first = streaming.lines().next()
    await writeFile(suite.file('go'), '')
    expect(await first).toEqual({ done: false, value: '€' })
  })

  it('refuses a line that is too long, instead of holding it', async () => {
    const streaming = stream(suite.script('exec tr "\\0" x < /dev/zero'), leaving)
    await expect(streaming.lines({ maximumLineBytes: 1000 }).next()).rejects.toMatchObject({
      code: 'OUTPUT_LIMIT_EXCEEDED',
    })
    await streaming.result
  })

  it('ends a process whose reader has had enough, as head does, and calls that no failure', async () => {
    const streaming = stream(suite.script('exec yes'), leaving)
    for await (const line of streaming.lines()) {
      expect(line).toBe('y')
      break
    }
    const { outcome, failure } = await streaming.result
    if (hasPipes) expect(outcome).toMatchObject({ kind: 'signaled', signal: 'PIPE' })
    if (isTerminal) expect(outcome).toMatchObject({ kind: 'signaled', signal: 'HUP' })
    if (hasPipes || isTerminal) expect(failure).toBeUndefined()
  })

  it('throws at the reader, after the last line, what the run was rejected with', async () => {
    const streaming = stream(suite.script('echo one; exit 3'))
    const lines: string[] = []
    const reading = (async () => {
      for await (const line of streaming.lines()) lines.push(line)
    })()
    const error = await runErrorOf(reading)
    expect(lines).toEqual(['one'])
    expect(error.result.outcome).toEqual({ kind: 'exited', code: 3 })
  })

  it('throws at the reader when the run is aborted before its start', async () => {
    const signal = AbortSignal.abort(new Error('never'))
    const reading = stream(suite.script('echo one'), { signal }).lines().next()
    expect((await runErrorOf(reading)).code).toBe('PROCESS_ABORTED')
  })

  it('throws at the reader what is wrong with the options', async () => {
    const reading = stream(suite.script('echo one'), { timeoutMs: -1 }).lines().next()
    await expect(reading).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  if (!isTerminal) {
    it('streams stderr and gathers stdout', async () => {
      const streaming = stream(suite.script('echo out; echo err >&2'), { from: 'stderr' })
      expect(await collect(streaming)).toBe('err\n')
      expect((await streaming.result).stdout).toBe('out\n')
    })

    it('streams both outputs as one', async () => {
      const script = 'i=0; while [ $i -lt 50 ]; do echo $i >&$((1 + i % 2)); i=$((i + 1)); done'
      const text = await collect(stream(suite.script(script), { from: 'all' }))
      expect(text.trim().split('\n')).toHaveLength(50)
    })
  }

  it('is an observable, and unsubscribing closes the output', async () => {
    const whole = stream(suite.script('seq 1 1000')).byte$
    const byteCount = await lastValueFrom(whole.pipe(reduce((sum, { length }) => sum + length, 0)))
    expect(byteCount).toBe(3893)
    const endless = stream(suite.script('exec yes'))
    await lastValueFrom(endless.byte$.pipe(take(1)))
    await endless.result.catch(() => undefined)
  })

  it('is a Web stream, and cancelling it closes the output', async () => {
    const whole = new ReadableStream<Uint8Array>(
      webSourceOf(stream(suite.script('seq 1 1000')).source),
    )
    expect(await collect(whole)).toHaveLength(3893)
    const endless = stream(suite.script('exec yes'))
    const reader = new ReadableStream<Uint8Array>(webSourceOf(endless.source)).getReader()
    await reader.read()
    await reader.cancel()
    await endless.result.catch(() => undefined)
  })

  it('takes its input from a Web stream', async () => {
    const pieces = ['one ', 'two\n'].map((text) => Buffer.from(text))
    const input = fromWebStream(ReadableStream.from(pieces))
    const result = await run(suite.script('read line; echo "$line"'), { input })
    expect(stdoutOf(result)).toBe('one two\n')
  })

  it('writes its output to a Web stream, which is closed behind it', async () => {
    let text = ''
    let isClosed = false
    const stdout = toWebStream(
      new WritableStream<Uint8Array>({
        write: (bytes) => void (text += Buffer.from(bytes).toString()),
        close: () => void (isClosed = true),
      }),
    )
    await run(suite.script('seq 1 3'), { stdout })
    expect({ text, isClosed }).toEqual({ text: '1\n2\n3\n', isClosed: true })
  })

  it('fails where a Web stream that it writes to errors', async () => {
    const failure = new Error('full')
    const stdout = toWebStream(
      new WritableStream<Uint8Array>({ write: () => Promise.reject(failure) }),
    )
    const error = await runErrorOf(run(suite.script('exec yes'), { stdout }))
    expect(error).toMatchObject({ code: 'STREAM_FAILED', cause: failure })
  })

  it('reads outputs that nobody asked for, so that the process goes on', async () => {
    const flood = suite.script('head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 4')
    const { outcome, traffic } = await redirect(flood).ended
    expect(outcome).toEqual({ kind: 'exited', code: 4 })
    expect(traffic.stdoutBytes + traffic.stderrBytes).toBe(6_000_000)
    expect(traffic.droppedBytes).toBe(0)
  })

  it('joins both outputs in one sink, which ends once, behind both', async () => {
    let text = ''
    let endCount = 0
    const both = {
      ...toFunction((bytes) => void (text += Buffer.from(bytes).toString())),
      end: () => void (endCount += 1),
    }
    const process = suite.script('echo out; echo err >&2')
    await redirect(process, { stdout: both, stderr: both }).ended
    expect(text.split('\n').sort()).toEqual(['', 'err', 'out'])
    expect(endCount).toBe(1)
  })

  // A server that is told to send no more of one output may give up both, as sshd does.
  if (hasPipes && !isRemote)
    it('closes an output that is redirected to a closed sink, and keeps the other', async () => {
      const script = 'trap "" PIPE; until ! echo out; do :; done 2>/dev/null; echo alive >&2'
      const { stderr } = await run(suite.script(script), { stdout: closedSink() })
      expect(stderr).toBe('alive\n')
    })

  it('talks with a process through a pipe of its input and its lines', async () => {
    const { sink, source } = bytePipe()
    const lines = stream(suite.script('while read line; do echo "got $line"; done'), {
      input: source,
    }).lines()
    for (const word of ['one', 'two']) {
      void sink.write(Buffer.from(`${word}\n`))
      expect((await lines.next()).value).toBe(`got ${word}`)
    }
    await lines.return()
    sink.abort(new Error('over'))
  })

  it('reads lines of any source', async () => {
    const { sink, source } = bytePipe()
    void sink.write(Buffer.from('a\n\nb'))
    void sink.end()
    const lines: string[] = []
    for await (const line of linesOf(source)) lines.push(line)
    expect(lines).toEqual(['a', '', 'b'])
  })
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(piece)
  return Buffer.concat(parts).toString()
}
