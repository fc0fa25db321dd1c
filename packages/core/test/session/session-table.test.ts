import { describe, it } from '@jest/globals'
import { isIllegal, sessionTransition } from '../../src/session/session-transition'
import { describeStep } from './describe-step'
import { sampleEventNames, sampleEvents } from './sample-events'
import { phases, sampleState } from './sample-states'
describe('gen', () => {
  it('x', () => {
    const out: string[] = []
    for (const phase of phases) {
      out.push(`  ${phase}: {`)
      for (const name of sampleEventNames) {
        const state = sampleState(phase)
        const step = sessionTransition(state, sampleEvents[name])
        const cell = isIllegal(state, sampleEvents[name])
          ? 'illegal'
          : step[0] === state && step[1].length === 0
            ? 'ignore'
            : describeStep(state, step)
        out.push(`    '${name}': '${cell}',`)
      }
      out.push('  },')
    }
    require('fs').writeFileSync('/tmp/cells.txt', out.join('\n'))
  })
})
