import { describe, expect, it } from '@jest/globals'
import {
  createEventSource,
  exited,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessPort,
} from '@hawse/core'
import { withNotice } from '../src/notice'

/** What a process that says these facts says with a notice. */
function heard(...facts: ProcessEvent[]): ProcessEvent[] {
  const source = createEventSource<ProcessEvent>()
  const events: ProcessEvent[] = []
  const inner: ProcessPort = { event$: source.event$, perform: () => undefined }
  withNotice(inner, 'line').event$.subscribe((event) => events.push(event))
  facts.forEach((fact) => source.emit(fact))
  return events
}

function textOf(event: ProcessEvent | undefined): string {
  return event?.type === 'process.output' ? new TextDecoder().decode(event.bytes) : ''
}

describe('withNotice', () => {
  const bytes = Buffer.from('x')
  const output: ProcessEvent = { type: 'process.output', output: 'stdout', bytes }
  const exit: ProcessEvent = { type: 'process.exited', outcome: exited(0) }

  it('says the line on stderr after the start and before all else', () => {
    const started: ProcessEvent = {
      type: 'process.started',
      outputs: ['stdout', 'stderr'],
      isTerminal: false,
    }
    const events = heard(started, output, exit)
    expect(events).toEqual([started, expect.objectContaining({ output: 'stderr' }), output, exit])
    expect(textOf(events[1])).toBe('line\n')
  })

  it('says the line on a terminal, with its line end', () => {
    const started: ProcessEvent = { type: 'process.started', outputs: ['stdout'], isTerminal: true }
    const events = heard(started, output)
    expect(events).toEqual([started, expect.objectContaining({ output: 'stdout' }), output])
    expect(textOf(events[1])).toBe('line\r\n')
  })

  it('says nothing where nothing starts', () => {
    const failed: ProcessEvent = {
      type: 'process.startFailed',
      failure: 'notFound',
      message: 'none',
    }
    expect(heard(failed)).toEqual([failed])
  })

  it('passes commands on', () => {
    const commands: ProcessCommand[] = []
    const source = createEventSource<ProcessEvent>()
    const inner: ProcessPort = {
      event$: source.event$,
      perform: (command) => commands.push(command),
    }
    withNotice(inner, 'line').perform({ type: 'process.start' })
    expect(commands).toEqual([{ type: 'process.start' }])
  })
})
