import { afterEach, describe, expect, it } from '@jest/globals'
import { maskUnsharedDescriptors, unsharedDescriptors } from '../../src'

afterEach(() => unsharedDescriptors.clear())

describe('maskUnsharedDescriptors', () => {
  it('changes nothing when there is nothing to mask', () => {
    const stdio = ['in', 'out', 'err']
    expect(maskUnsharedDescriptors(stdio, 'null', 'ignore')).toBe(stdio)
  })

  it('puts the mask in the place of each descriptor, and nothing between', () => {
    unsharedDescriptors.add(6).add(4)
    expect(maskUnsharedDescriptors(['in', 'out', 'err'], 'null', 'ignore')).toEqual([
      'in',
      'out',
      'err',
      'ignore',
      'null',
      'ignore',
      'null',
    ])
  })

  it('leaves the standard streams alone', () => {
    unsharedDescriptors.add(1)
    expect(maskUnsharedDescriptors(['in', 'out', 'err'], 'null', 'ignore')).toEqual([
      'in',
      'out',
      'err',
    ])
  })

  it('is one set for the whole process', () => {
    const found: unknown = Reflect.get(globalThis, Symbol.for('@hawse/unshared-descriptors'))
    expect(found).toBe(unsharedDescriptors)
  })
})
