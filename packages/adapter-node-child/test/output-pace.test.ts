import { describe, expect, it } from '@jest/globals'
import { createOutputPace } from '../src/output-pace'
import { digest, portOn, run, streamKinds } from './observed-process'

describe('the pace of an output', () => {
  it('rests when many short reads come at once, and goes on while that gathers something', () => {
    const pace = createOutputPace()
    expect(reads(pace, 17, 20)).toEqual([...Array<boolean>(16).fill(false), true])
    expect(reads(pace, 3, 5000)).toEqual([true, true, true])
    expect(reads(pace, 2, 40)).toEqual([false, false])
  })

  it('rests not at all while reads are long, or seldom', () => {
    expect(reads(createOutputPace(), 100, 4096)).not.toContain(true)
    expect(reads(createOutputPace(), 100, 20, 1.5)).not.toContain(true)
  })

  it('ends its rests where they fill the pipe, which holds the program up', () => {
    const pace = createOutputPace()
    reads(pace, 17, 20)
    expect(reads(pace, 2, 65_536)).toEqual([false, false])
  })

  it('rests not for a program that answers', () => {
    const pace = createOutputPace()
    const rests = Array.from({ length: 100 }, (_, at) => {
      pace.hurry()
      return pace.note(1, at * 0.1)
    })
    expect(rests).not.toContain(true)
  })
})

describe.each(streamKinds)('short writes in quick succession on %s', (kind) => {
  const script = 'i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i + 1)); done'
  const expected = `${Array.from({ length: 20_000 }, (_, at) => at).join('\n')}\n`

  it('are read together, and exactly', async () => {
    const program = run(portOn(kind, ['/bin/sh', '-c', script]))
    await program.untilCompleted()
    expect(digest(program.output('stdout'))).toBe(digest(Buffer.from(expected)))
    expect(program.count('process.output')).toBeLessThan(10_000)
  })

  it('are exact where the reader pauses again and again', async () => {
    const program = run(portOn(kind, ['/bin/sh', '-c', script]), (event) => {
      if (event.type !== 'process.output') return
      program.perform({ type: 'process.pauseOutput' })
      setImmediate(() => program.perform({ type: 'process.resumeOutput' }))
    })
    await program.untilCompleted()
    expect(digest(program.output('stdout'))).toBe(digest(Buffer.from(expected)))
  })

  it('are not put off for a program that is talked to', async () => {
    const program = run(portOn(kind, ['cat']))
    for (let round = 1; round <= 200; round += 1) {
      program.write('x')
      await program.until(() => program.output('stdout').length === round)
    }
    program.perform({ type: 'process.closeInput' })
    await program.untilCompleted()
    expect(program.output('stdout')).toHaveLength(200)
  })
})

function reads(
  pace: ReturnType<typeof createOutputPace>,
  count: number,
  byteCount: number,
  gapMs = 0.05,
): readonly boolean[] {
  return Array.from({ length: count }, (_, at) => pace.note(byteCount, at * gapMs))
}
