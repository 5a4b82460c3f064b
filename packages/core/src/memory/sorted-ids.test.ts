import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareTexts } from '../spec/index.js'
import { SortedIds } from './sorted-ids.js'

describe('SortedIds', () => {
  it('is a sorted list of distinct ids, whatever comes and goes', () => {
    const id = fc.oneof(fc.nat(400).map(String), fc.constantFrom('a', 'é', '\uffee', '😀', '😀😀'))
    const step = fc.record({ id, add: fc.boolean() })
    const steps = fc.array(step, { minLength: 0, maxLength: 400, size: 'max' })
    fc.assert(
      fc.property(steps, id, fc.integer({ min: 1, max: 50 }), (taken, after, most) => {
        const ids = new SortedIds()
        const expected = new Set<string>()
        for (const { id: one, add } of taken) {
          if (add) ids.add(one)
          else ids.delete(one)
          if (add) expected.add(one)
          else expected.delete(one)
        }
        const sorted = [...expected].toSorted(compareTexts)
        expect(ids.size).toBe(sorted.length)
        expect(ids.after('', 1_000)).toEqual(sorted)
        expect(ids.after(after, most)).toEqual(sorted.filter((one) => compareTexts(one, after) > 0).slice(0, most))
      }),
      { numRuns: 200 },
    )
  })

  it('holds many more than one part does', () => {
    const ids = new SortedIds()
    const all = Array.from({ length: 10_000 }, (_, index) => `${(index * 7_919) % 10_007}`)
    for (const id of all) ids.add(id)
    const sorted = all.toSorted(compareTexts)
    expect(ids.after('', 20_000)).toEqual(sorted)
    expect(ids.after(sorted[5_000] ?? '', 2_000)).toEqual(sorted.slice(5_001, 7_001))
    for (const id of sorted.slice(1_000, 9_000)) ids.delete(id)
    expect(ids.after('', 20_000)).toEqual([...sorted.slice(0, 1_000), ...sorted.slice(9_000)])
    expect(ids.after(sorted[4_000] ?? '', 1)).toEqual(sorted.slice(9_000, 9_001))
    for (const id of all) ids.delete(id)
    expect([ids.size, ids.after('', 1)]).toEqual([0, []])
  })
})
