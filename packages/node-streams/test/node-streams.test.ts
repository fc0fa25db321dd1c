import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { PassThrough, Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { childProcess, hasRealPipes } from '@hawse/adapter-node-child'
import { makeTemporaryFolder, waitUntil, type TemporaryFolder } from '@hawse/conformance'
import { bytePipe, redirect, run, stream, type ProcessPort } from '@hawse/core'
import {
  fromFile,
  fromNodeReadable,
  nodeReadableOf,
  nodeWritableOf,
  toFile,
  toNodeWritable,
} from '../src/index'

let folder: TemporaryFolder

beforeEach(async () => {
  folder = await makeTemporaryFolder()
})
afterEach(() => folder.remove())

function script(text: string): ProcessPort {
  return childProcess(['/bin/sh', '-c', text])
}

/** How `yes` ends whose output was closed. */
const readerGone = hasRealPipes() ? { kind: 'signaled', signal: 'PIPE' } : { kind: 'exited' }

const text = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('')

describe('files', () => {
  it('are input and output, every byte', async () => {
    await writeFile(folder.file('in'), text)
    const { stdout } = await run(script('cat'), {
      input: fromFile(folder.file('in')),
      stdout: toFile(folder.file('out')),
    })
    expect(stdout).toBe('')
    expect(await readFile(folder.file('out'), 'utf8')).toBe(text)
  })

  it('are complete and closed when the run is over', async () => {
    for (let count = 0; count < 20; count += 1)
      await run(script('seq 1 1000'), { stdout: toFile(folder.file('out')) })
    expect((await stat(folder.file('out'))).size).toBe(3893)
  })

  it('are emptied by a process that writes nothing, and kept where appended to', async () => {
    await writeFile(folder.file('out'), 'old\n')
    const path = folder.file('out')
    await run(script('echo new'), { stdout: toFile(path, { isAppended: true }) })
    expect(await readFile(path, 'utf8')).toBe('old\nnew\n')
    await run(script('true'), { stdout: toFile(path) })
    expect(await readFile(path, 'utf8')).toBe('')
  })

  it('are made with the permissions asked for', async () => {
    await run(script('true'), { stdout: toFile(folder.file('out'), { mode: 0o600 }) })
    expect((await stat(folder.file('out'))).mode & 0o777).toBe(0o600)
  })

  it('take both outputs of a process', async () => {
    const both = toFile(folder.file('out'))
    await redirect(script('echo out; echo err >&2'), { stdout: both, stderr: both }).ended
    const written = await readFile(folder.file('out'), 'utf8')
    expect(written.split('\n').sort()).toEqual(['', 'err', 'out'])
  })

  it('fail the run where they cannot be read, and the process is ended', async () => {
    const running = run(script('cat; sleep 600'), { input: fromFile(folder.file('missing')) })
    await expect(running).rejects.toMatchObject({
      code: 'STREAM_FAILED',
      cause: { code: 'ENOENT' },
      result: { outcome: { kind: 'signaled', signal: 'TERM' } },
    })
  })

  it('fail the run where they cannot be made, though the process writes nothing', async () => {
    const running = run(script('true'), { stdout: toFile(folder.file('missing/out')) })
    await expect(running).rejects.toMatchObject({
      code: 'STREAM_FAILED',
      cause: { code: 'ENOENT' },
    })
  })

  const itWithFull = existsSync('/dev/full') ? it : it.skip
  itWithFull('fail the run where the disk is full', async () => {
    const running = run(script('exec yes'), { stdout: toFile('/dev/full') })
    await expect(running).rejects.toMatchObject({
      code: 'STREAM_FAILED',
      cause: { code: 'ENOSPC' },
    })
  })
})

describe('Node streams', () => {
  it('are input, also with text, and are read to their end', async () => {
    const input = fromNodeReadable(Readable.from(['one ', 'two ', 'ü']))
    expect((await run(script('cat'), { input })).stdout).toBe('one two ü')
  })

  it('are destroyed when the process reads no more', async () => {
    await writeFile(folder.file('in'), text)
    const readable = createReadStream(folder.file('in'))
    const { stdout } = await run(script('head -1'), { input: fromNodeReadable(readable) })
    expect(stdout).toBe('1\n')
    await waitUntil(
      () => readable.destroyed && readable.closed,
      () => 'the stream is still open',
    )
  })

  it('fail the run when they error, before their first read too', async () => {
    const readable = new PassThrough()
    const input = fromNodeReadable(readable)
    readable.destroy(new Error('reset'))
    await waitUntil(
      () => readable.closed,
      () => 'the stream did not close',
    )
    await expect(run(script('cat'), { input })).rejects.toMatchObject({
      code: 'STREAM_FAILED',
      cause: { message: 'reset' },
    })
  })

  it('end no program by an error before their first read', () => {
    const code = `
      const { PassThrough } = require('node:stream')
      const { fromNodeReadable } = require(${JSON.stringify(require.resolve('../dist/index.cjs'))})
      const readable = new PassThrough()
      fromNodeReadable(readable)
      readable.destroy(new Error('reset'))
      readable.once('close', () => console.log('alive'))
    `
    const printed = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' })
    expect(printed).toBe('alive\n')
  })

  it('are output, through other streams, and end behind it', async () => {
    const gzip = createGzip()
    const packed = gzip.toArray()
    await run(script('seq 1 100000'), { stdout: toNodeWritable(gzip) })
    expect(gunzipSync(Buffer.concat(await packed)).toString()).toBe(text)
  })

  it('stay open where others write to them, and keep no listener', async () => {
    const shared = new PassThrough()
    const before = listenerCount(shared)
    for (const word of ['one', 'two'])
      await run(script(`echo ${word}`), { stdout: toNodeWritable(shared, { isKeptOpen: true }) })
    expect(listenerCount(shared)).toBe(before)
    shared.end()
    expect(Buffer.concat(await shared.toArray()).toString()).toBe('one\ntwo\n')
  })

  it('stop a process while they are full', async () => {
    let writtenBytes = 0
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    const slow = new Writable({
      write: ({ length }: Buffer, _encoding, callback) => {
        writtenBytes += length
        void released.then(() => callback())
      },
    })
    const writer = watched(script('head -c 8000000 /dev/zero'))
    const running = run(writer.port, { stdout: toNodeWritable(slow) })
    await waitUntil(
      () => writer.asked().includes('process.pauseOutput'),
      () => 'the process was not paused',
    )
    const pausedBytes = writer.outputBytes()
    expect(pausedBytes).toBeLessThanOrEqual(5 * 65_536)
    release()
    await running
    expect(writtenBytes).toBe(8_000_000)
  })

  it('close the output when they are destroyed, and the process gets SIGPIPE', async () => {
    const writable = new Writable({
      write: (_bytes, _encoding, callback) => {
        callback()
        writable.destroy()
      },
    })
    const { outcome } = await run(script('exec yes'), {
      stdout: toNodeWritable(writable),
      shouldReject: false,
    })
    expect(outcome).toMatchObject(readerGone)
  })

  it('close the output where the reader of a pipe has gone', async () => {
    const writable = new Writable({
      write: (_bytes, _encoding, callback) =>
        callback(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    })
    const result = await run(script('exec yes'), {
      stdout: toNodeWritable(writable),
      shouldReject: false,
    })
    expect(result).toMatchObject({ endedBy: 'process', outcome: readerGone })
  })

  it('are destroyed where they do not get all of the output', async () => {
    const stalled = new Writable({ write: () => undefined })
    const running = run(script('exec yes'), {
      stdout: toNodeWritable(stalled),
      timeoutMs: 1,
      releaseDelayMs: 1,
    })
    await expect(running).rejects.toMatchObject({ code: 'PROCESS_TIMED_OUT' })
    expect(stalled.destroyed).toBe(true)
  })

  it('fail the run when they error, and are destroyed where the run fails', async () => {
    const failing = new Writable({
      write: (_bytes, _encoding, callback) => callback(new Error('lost')),
    })
    const running = run(script('exec yes'), { stdout: toNodeWritable(failing) })
    await expect(running).rejects.toMatchObject({
      code: 'STREAM_FAILED',
      cause: { message: 'lost' },
    })
    expect(failing.destroyed).toBe(true)
  })
})

describe('Node views', () => {
  it('give a running process as a readable', async () => {
    const readable = nodeReadableOf(stream(script('seq 1 100000')).source)
    expect(Buffer.concat(await readable.toArray()).toString()).toBe(text)
  })

  it('error as the run does', async () => {
    const readable = nodeReadableOf(stream(script('echo out; exit 3')).source)
    await expect(readable.toArray()).rejects.toMatchObject({ code: 'PROCESS_FAILED' })
  })

  it('close the output when they are destroyed', async () => {
    const streaming = stream(script('exec yes'), { shouldReject: false })
    const readable = nodeReadableOf(streaming.source)
    await once(readable, 'data')
    readable.destroy()
    expect((await streaming.result).outcome).toMatchObject(readerGone)
  })

  it('give the input of a process as a writable, for pipeline', async () => {
    await writeFile(folder.file('in'), text)
    const { sink, source } = bytePipe()
    const running = run(script('sha256sum'), { input: source })
    await pipeline(createReadStream(folder.file('in')), nodeWritableOf(sink))
    const direct = await run(script('sha256sum'), { input: text })
    expect((await running).stdout).toBe(direct.stdout)
  })

  it('error when the process has ended without reading', async () => {
    const { sink, source } = bytePipe()
    const writable = nodeWritableOf(sink)
    const failed = once(writable, 'error')
    await run(script('exit 0'), { input: source })
    expect(await failed).toMatchObject([{ code: 'OUTPUT_CLOSED' }])
  })

  it('end the process where what they are fed from fails', async () => {
    const { sink, source } = bytePipe()
    const running = run(script('cat; sleep 600'), { input: source })
    const broken = new Readable({ read: () => broken.destroy(new Error('reset')) })
    const fed = pipeline(broken, nodeWritableOf(sink)).catch(() => undefined)
    await expect(running).rejects.toMatchObject({ code: 'STREAM_FAILED' })
    await fed
  })
})

function listenerCount(stream: Writable): number {
  return stream.eventNames().reduce((sum, name) => sum + stream.listenerCount(name), 0)
}

function watched(port: ProcessPort): {
  readonly port: ProcessPort
  readonly asked: () => readonly string[]
  readonly outputBytes: () => number
} {
  const asked: string[] = []
  let outputBytes = 0
  port.event$.subscribe((event) => {
    if (event.type === 'process.output') outputBytes += event.bytes.length
  })
  return {
    port: {
      event$: port.event$,
      perform: (command) => {
        asked.push(command.type)
        port.perform(command)
      },
    },
    asked: () => asked,
    outputBytes: () => outputBytes,
  }
}
