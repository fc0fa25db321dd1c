import { describe, expect, it } from '@jest/globals'
import { sessionTable } from '../../src/session/session-table'
import { isIllegal, sessionTransition } from '../../src/session/session-transition'
import { describeStep } from './describe-step'
import { sampleEventNames, sampleEvents } from './sample-events'
import { phases, sampleState } from './sample-states'
import { sessionCells } from './session-cells'

const cells = phases.flatMap((phase) =>
  sampleEventNames.map((name) => [phase, name, sessionCells[phase][name]] as const),
)

describe('the session table', () => {
  it.each(cells)('%s: %s', (phase, name, expected) => {
    const state = sampleState(phase)
    const event = sampleEvents[name]
    const step = sessionTransition(state, event)
    expect(isIllegal(state, event)).toBe(expected === 'illegal')
    if (expected !== 'ignore' && expected !== 'illegal') {
      return expect(describeStep(state, step)).toBe(expected)
    }
    // What changes nothing leaves the very same state.
    expect(step[0]).toBe(state)
    expect(step[1]).toEqual([])
  })

  it('has a sample of every event type, and a cell for each in every phase', () => {
    const sampled = new Set(Object.values(sampleEvents).map(({ type }) => type as string))
    for (const phase of phases) {
      expect(Object.keys(sessionTable[phase]).sort()).toEqual([...sampled].sort())
      expect(Object.keys(sessionCells[phase]).sort()).toEqual([...sampleEventNames].sort())
    }
    expect(phases).toEqual(Object.keys(sessionTable))
    expect(sampled.size).toBe(28)
    expect(cells).toHaveLength(11 * 33)
  })

  it.each(phases)('is shown %s by a state that real events lead to', (phase) => {
    expect(sampleState(phase).phase).toBe(phase)
  })
})
