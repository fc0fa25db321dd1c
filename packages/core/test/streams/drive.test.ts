import { describe, expect, it } from '@jest/globals'
import { drive } from '../../src/streams/drive'

/** A machine that remembers its inputs, and says each of them twice. */
function echoing(perform: (output: string) => void) {
  return drive<readonly string[], string, string>({
    initial: [],
    transition: (state, input) => [
      [...state, input],
      [`${input}1`, `${input}2`],
    ],
    perform,
  })
}

describe('drive', () => {
  it('performs outputs in order, also when performing one gives the next input', () => {
    const performed: string[] = []
    const machine = echoing((output) => {
      performed.push(output)
      if (output === 'a1') machine.dispatch('b')
      if (output === 'b1') machine.dispatch('c')
    })
    machine.dispatch('a')
    expect(performed).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
    expect(machine.current()).toEqual(['a', 'b', 'c'])
  })

  it('works on an input only after what was given before it', () => {
    const machine = echoing((output) => {
      if (output !== 'a1') return
      machine.dispatch('b')
      machine.dispatch('c')
    })
    machine.dispatch('a')
    machine.dispatch('d')
    expect(machine.current()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('lets an exception of perform reach the caller, and loses no input that waited', () => {
    const machine = echoing((output) => {
      if (output !== 'a1') return
      machine.dispatch('b')
      throw new Error('broken port')
    })
    expect(() => machine.dispatch('a')).toThrow('broken port')
    machine.dispatch('c')
    expect(machine.current()).toEqual(['a', 'b', 'c'])
  })

  it('shows every step to observe before its outputs are performed', () => {
    const seen: string[] = []
    const machine = drive<number, string, string>({
      initial: 0,
      transition: (state, input) => [state + 1, [input]],
      observe: (before, input, after, outputs) => {
        seen.push(`${String(before)} ${input} ${String(after)} ${outputs.join()}`)
      },
      perform: (output) => seen.push(output),
    })
    machine.dispatch('a')
    machine.dispatch('b')
    expect(seen).toEqual(['0 a 1 a', 'a', '1 b 2 b', 'b'])
  })
})
