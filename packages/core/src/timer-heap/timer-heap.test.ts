import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimerHeap } from './timer-heap.js'

/** The obvious way: an array, sorted by due time and then by order of coming. */
class SortedModel {
  entries: { due: number; value: number }[] = []

  push(due: number, value: number): void {
    this.entries = [...this.entries, { due, value }].toSorted((a, b) => a.due - b.due || a.value - b.value)
  }

  popDue(now: number, max: number): number[] {
    const popped = this.entries.filter((entry) => entry.due <= now).slice(0, max)
    this.entries = this.entries.slice(popped.length)
    return popped.map((entry) => entry.value)
  }

  remove(value: number): boolean {
    const before = this.entries.length
    this.entries = this.entries.filter((entry) => entry.value !== value)
    return this.entries.length < before
  }
}

const due = fc.integer({ min: 0, max: 20 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ push: due }) },
  { weight: 1, arbitrary: fc.record({ popDue: due, max: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat(100) }) },
)

describe('TimerHeap', () => {
  it('does what a sorted array does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const heap = new TimerHeap<number>()
        const model = new SortedModel()
        const removers: (() => boolean)[] = []
        for (const action of steps) {
          if ('push' in action) {
            model.push(action.push, removers.length)
            removers.push(heap.push(action.push, removers.length))
          } else if ('popDue' in action) {
            expect(heap.popDue(action.popDue, action.max)).toEqual(model.popDue(action.popDue, action.max))
          } else {
            expect(removers[action.remove]?.() ?? false).toBe(model.remove(action.remove))
          }
          expect(heap.size).toBe(model.entries.length)
          expect(heap.peek()?.value).toBe(model.entries[0]?.value)
        }
        expect(heap.popDue(Infinity, Infinity)).toEqual(model.popDue(Infinity, Infinity))
      }),
      { numRuns: 500 },
    )
  })

  it('gives the earliest first, and equal ones in their order', () => {
    const heap = new TimerHeap<string>()
    const entries = [5, 1, 5, 3, 1, 5].map((instant, index) => [instant, `${instant}${'abcdef'[index]}`] as const)
    for (const [instant, value] of entries) heap.push(instant, value)
    expect(heap.peek()).toMatchObject({ due: 1, value: '1b' })
    expect(heap.popDue(4, 2)).toEqual(['1b', '1e'])
    expect(heap.popDue(4, 10)).toEqual(['3d'])
    expect(heap.popDue(Infinity, 10)).toEqual(['5a', '5c', '5f'])
    expect([heap.size, heap.peek()]).toEqual([0, undefined])
  })

  it('removes once, and only what is still there', () => {
    const heap = new TimerHeap<string>()
    const removeFirst = heap.push(1, 'first')
    const removeSecond = heap.push(2, 'second')
    expect([removeFirst(), removeFirst()]).toEqual([true, false])
    expect(heap.popDue(2, 10)).toEqual(['second'])
    expect(removeSecond()).toBe(false)
  })

  it('keeps what is never due, and refuses NaN', () => {
    const heap = new TimerHeap<string>()
    heap.push(Infinity, 'never')
    expect(heap.popDue(Number.MAX_SAFE_INTEGER, 10)).toEqual([])
    expect(() => heap.push(Number.NaN, 'x')).toThrow(/^REACH_OPTION_INVALID: due/)
    expect(heap.size).toBe(1)
  })
})
