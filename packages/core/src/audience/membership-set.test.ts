import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MembershipSet } from './membership-set.js'

test('Has what was added and nothing else, also what is added after it was asked.', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.string({ maxLength: 2 })), { maxLength: 200 })
  fc.assert(
    fc.property(steps, (all) => {
      const [set, expected] = [new MembershipSet(), new Set<string>()]
      for (const [isAdded, id] of all) {
        if (isAdded) expected.add(id)
        if (isAdded) set.add(id)
        expect(set.has(id)).toBe(expected.has(id))
      }
      for (const [, id] of all) expect(set.has(id)).toBe(expected.has(id))
    }),
  )
})

test('Tells a hundred thousand apart.', () => {
  const set = new MembershipSet()
  for (let index = 0; index < 100_000; index += 1) {
    set.add(`in-${index}`)
    // Asked meanwhile: what is sorted already takes more.
    if (index % 10 === 0 && !set.has(`in-${index / 2}`)) throw new Error(`wrong at ${index}`)
  }
  for (let index = 0; index < 100_000; index += 1) {
    if (!set.has(`in-${index}`) || set.has(`out-${index}`)) throw new Error(`wrong at ${index}`)
  }
  expect(set.has('in-100000')).toBe(false)
})
