import { describe, expect, it } from '@jest/globals'
import { createEventSource } from '../../src/ports/event-source'

describe('createEventSource', () => {
  it('keeps what happens before the first subscriber, and tells it in order', () => {
    const source = createEventSource<string>()
    source.emit('a')
    source.emit('b')
    const told: string[] = []
    source.event$.subscribe((event) => told.push(event))
    source.emit('c')
    expect(told).toEqual(['a', 'b', 'c'])
  })

  it('tells what the first subscriber itself causes while it is told, after what came before', () => {
    const source = createEventSource<string>()
    source.emit('a')
    source.emit('b')
    const told: string[] = []
    source.event$.subscribe((event) => {
      told.push(event)
      if (event === 'a') source.emit('caused by a')
      if (event === 'caused by a') source.emit('caused by that')
    })
    source.emit('c')
    expect(told).toEqual(['a', 'b', 'caused by a', 'caused by that', 'c'])
  })

  it('tells a second subscriber only what happens from then on', () => {
    const source = createEventSource<string>()
    source.emit('a')
    const told: string[] = []
    source.event$.subscribe()
    source.event$.subscribe((event) => told.push(event))
    source.emit('b')
    expect(told).toEqual(['b'])
  })

  it('tells a subscriber that came while the first was told what happens from then on', () => {
    const source = createEventSource<string>()
    source.emit('a')
    const told: string[] = []
    source.event$.subscribe((event) => {
      if (event !== 'a') return
      source.event$.subscribe((late) => told.push(late))
      source.emit('b')
    })
    source.emit('c')
    expect(told).toEqual(['b', 'c'])
  })

  it('tells kept events and then completes when it ended before the first subscriber', () => {
    const source = createEventSource<string>()
    source.emit('a')
    source.complete()
    source.emit('too late')
    const told: string[] = []
    source.event$.subscribe({
      next: (event) => told.push(event),
      complete: () => told.push('complete'),
    })
    expect(told).toEqual(['a', 'complete'])
  })
})
