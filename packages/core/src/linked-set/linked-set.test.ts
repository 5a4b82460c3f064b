import { describe, expect, test } from 'vitest'
import { LinkedSet } from './linked-set.js'
import type { Linked } from './linked-set.js'

class Member implements Linked {
  before: Linked | undefined
  after: Linked | undefined
  constructor(readonly name: string) {}
}

const namesIn = (set: LinkedSet<Member>) => [...set].map(({ name }) => name)

describe('a linked set', () => {
  test('holds members in the order of adding, and lets go of any of them', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => new Member(name)) as [Member, Member, Member]
    const set = new LinkedSet<Member>()
    for (const member of [a, b, c]) set.add(member)
    expect(namesIn(set)).toEqual(['a', 'b', 'c'])
    set.delete(b)
    expect(namesIn(set)).toEqual(['a', 'c'])
    set.delete(a)
    set.delete(c)
    expect([namesIn(set), set.size]).toEqual([[], 0])
    set.add(b)
    expect([namesIn(set), set.size]).toEqual([['b'], 1])
  })

  test('passes over a removal of what it does not hold', () => {
    const set = new LinkedSet<Member>()
    const kept = new Member('kept')
    set.add(kept)
    const gone = new Member('gone')
    set.delete(gone)
    set.add(gone)
    set.delete(gone)
    set.delete(gone)
    expect([namesIn(set), set.size]).toEqual([['kept'], 1])
  })

  test('may lose the member at hand while it is gone through', () => {
    const set = new LinkedSet<Member>()
    for (const name of ['a', 'b', 'c']) set.add(new Member(name))
    const seen: string[] = []
    for (const member of set) {
      seen.push(member.name)
      set.delete(member)
    }
    expect([seen, set.size]).toEqual([['a', 'b', 'c'], 0])
  })
})
