import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../spec/clock.js'
import { TimerHeap } from './timer-heap.js'
import { createWakeUp } from './wake-up.js'

/** A clock with a list of timers, which `advanceTo` fires in order. `early` fires each timer so much too soon. */
class ListClock implements Clock {
  timers: { at: number; callback: () => void }[] = []
  delays: number[] = []
  early = 0
  #now = 1_000

  now = (): number => this.#now
  monotonic = (): number => this.#now

  setTimer = (delayMs: number, callback: () => void): (() => void) => {
    const timer = { at: this.#now + Math.max(1, delayMs - this.early), callback }
    this.timers.push(timer)
    this.delays.push(delayMs)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  advanceTo(instantMs: number): void {
    for (;;) {
      const next = this.timers.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > instantMs) break
      this.timers = this.timers.filter((other) => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = Math.max(this.#now, instantMs)
  }
}

function alarm() {
  const clock = new ListClock()
  const rings: number[] = []
  return { clock, rings, wakeUp: createWakeUp(clock, () => rings.push(clock.now())) }
}

describe('createWakeUp', () => {
  it('rings once at the instant, with one timer', () => {
    const { clock, rings, wakeUp } = alarm()
    wakeUp.setAt(5_000)
    wakeUp.setAt(3_000)
    wakeUp.setAt(3_000)
    expect(clock.delays).toEqual([4_000, 2_000])
    expect(clock.timers).toHaveLength(1)
    clock.advanceTo(10_000)
    expect(rings).toEqual([3_000])
    expect(clock.timers).toHaveLength(0)
  })

  it('rings soon, and not inside setAt, for what is past', () => {
    const { clock, rings, wakeUp } = alarm()
    wakeUp.setAt(10)
    expect(rings).toEqual([])
    expect(clock.delays).toEqual([0])
    clock.advanceTo(1_001)
    expect(rings).toEqual([1_001])
  })

  it('reaches instants beyond the longest timer', () => {
    const { clock, rings, wakeUp } = alarm()
    const inHundredDays = 1_000 + 100 * 86_400_000
    wakeUp.setAt(inHundredDays)
    clock.advanceTo(inHundredDays - 1)
    expect(rings).toEqual([])
    clock.advanceTo(inHundredDays)
    expect(rings).toEqual([inHundredDays])
    expect(Math.max(...clock.delays)).toBe(2 ** 31 - 1)
  })

  it('never rings early, even where timers do', () => {
    const { clock, rings, wakeUp } = alarm()
    clock.early = 2
    wakeUp.setAt(2_000)
    clock.advanceTo(9_000)
    expect(rings).toEqual([2_000])
  })

  it('can be set for nothing, set again while it rings, and stopped', () => {
    const { clock, rings, wakeUp } = alarm()
    wakeUp.setAt(2_000)
    wakeUp.setAt(undefined)
    expect(clock.timers).toHaveLength(0)
    wakeUp.setAt(Infinity)
    expect(clock.timers).toHaveLength(0)
    wakeUp.setAt(3_000)
    wakeUp.stop()
    wakeUp.setAt(4_000)
    clock.advanceTo(9_000)
    expect(rings).toEqual([])
    expect(clock.timers).toHaveLength(0)
  })

  it('serves a heap: every value leaves exactly when it is due', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1_001, max: 2_000 }), { maxLength: 40 }), (dues) => {
        const clock = new ListClock()
        const heap = new TimerHeap<number>()
        const left: number[] = []
        const wakeUp = createWakeUp(clock, () => {
          for (const due of heap.popDue(clock.now(), 3)) left.push(due, clock.now())
          wakeUp.setAt(heap.peek()?.due)
        })
        for (const due of dues) {
          heap.push(due, due)
          wakeUp.setAt(heap.peek()?.due)
          expect(clock.timers).toHaveLength(1)
        }
        clock.advanceTo(10_000)
        const lateness = left.flatMap((due, index) => (index % 2 === 0 ? [(left[index + 1] ?? 0) - due] : []))
        expect(left).toHaveLength(2 * dues.length)
        // More than three of one instant leave in the next ringings, a millisecond later each.
        expect(Math.max(0, ...lateness)).toBeLessThanOrEqual(Math.ceil(dues.length / 3))
        expect(Math.min(0, ...lateness)).toBe(0)
      }),
    )
  })
})
