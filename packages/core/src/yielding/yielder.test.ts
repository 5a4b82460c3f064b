import { describe, expect, it } from 'vitest'
import { createYielder } from './index.js'

function handClock(): { time: number; monotonic(): number } {
  return {
    time: 1000,
    monotonic() {
      return this.time
    },
  }
}

describe('createYielder', () => {
  it('asks for a turn once the budget is used up, by time and not by count', () => {
    const clock = handClock()
    const yielder = createYielder(clock, 4)
    for (let item = 0; item < 10_000; item++) expect(yielder.shouldYield()).toBe(false)
    clock.time += 3.9
    expect(yielder.shouldYield()).toBe(false)
    clock.time += 0.1
    expect(yielder.shouldYield()).toBe(true)
    expect(yielder.shouldYield()).toBe(true)
  })

  it('begins a new turn after other work has run', async () => {
    const clock = handClock()
    const yielder = createYielder(clock)
    clock.time += 4
    const ran: string[] = []
    setImmediate(() => {
      ran.push('other')
      clock.time += 100
    })
    await yielder.yieldTurn()
    expect(ran).toEqual(['other'])
    expect(yielder.shouldYield()).toBe(false)
    clock.time += 4
    expect(yielder.shouldYield()).toBe(true)
  })

  it('hands over a turn of which next to nothing is used up, and costs small work none', async () => {
    const clock = handClock()
    const yielder = createYielder(clock)
    let turns = 0
    setImmediate(() => (turns += 1))
    clock.time += 0.1
    await yielder.handOver()
    expect(turns).toBe(0)
    clock.time += 1
    await yielder.handOver()
    expect(turns).toBe(1)
    clock.time += 3.9
    expect(yielder.shouldYield()).toBe(false)
  })
})
