import { describe, expect, it } from 'vitest'
import { virtualClock } from './virtual-clock.js'

describe('virtualClock', () => {
  it('begins where it is told to and stands still', () => {
    expect(virtualClock('2026-06-01T23:30+08:00').now()).toBe(Date.UTC(2026, 5, 1, 15, 30))
    expect(virtualClock(new Date(5)).now()).toBe(5)
    expect(virtualClock(7).now()).toBe(7)
    expect(virtualClock().monotonic()).toBe(0)
  })

  it('moves both clocks on together', async () => {
    const clock = virtualClock(1_000)
    await clock.advance('1.5h')
    await clock.advance(500)
    expect([clock.now(), clock.monotonic()]).toEqual([1_000 + 5_400_500, 5_400_500])
  })

  it('calls timers in order of their due time, each at its own', async () => {
    const clock = virtualClock(0)
    const called: string[] = []
    for (const [name, delayMs] of [
      ['c', 30],
      ['a', 10],
      ['b', 10],
      ['later', 41],
    ] as const) {
      clock.setTimer(delayMs, () => called.push(`${name} ${clock.now()}`))
    }
    await clock.advance(40)
    expect(called).toEqual(['a 10', 'b 10', 'c 30'])
    await clock.advance('1ms')
    expect(called).toHaveLength(4)
  })

  it('calls a timer that another one sets, within the same advance', async () => {
    const clock = virtualClock(0)
    const called: number[] = []
    const tick = (): void => {
      called.push(clock.now())
      clock.setTimer(10, tick)
    }
    clock.setTimer(10, tick)
    await clock.advance(35)
    expect(called).toEqual([10, 20, 30])
  })

  it('lets promises and immediates settle before, between and after timers', async () => {
    const clock = virtualClock(0)
    const seen: string[] = []
    const turns = async (name: string): Promise<void> => {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      seen.push(`${name} ${clock.now()}`)
    }
    void turns('before')
    clock.setTimer(10, () => void turns('first'))
    clock.setTimer(20, () => void turns('second'))
    await clock.advance(20)
    expect(seen).toEqual(['before 0', 'first 10', 'second 20'])
  })

  it('calls timers that become due by what settled at the end', async () => {
    const clock = virtualClock(0)
    let called = false
    clock.setTimer(10, () => {
      setImmediate(() => clock.setTimer(0, () => (called = true)))
    })
    await clock.advance(10)
    expect(called).toBe(true)
  })

  it('forgets a timer that is cancelled', async () => {
    const clock = virtualClock(0)
    const called: string[] = []
    const cancel = clock.setTimer(10, () => called.push('cancelled'))
    clock.setTimer(5, cancel)
    await clock.advance(20)
    cancel()
    expect(called).toEqual([])
  })

  it('skews the wall clock alone', async () => {
    const clock = virtualClock(1_000)
    const called: number[] = []
    clock.setTimer(10, () => called.push(clock.now()))
    clock.skew(-500)
    expect([clock.now(), clock.monotonic()]).toEqual([500, 0])
    await clock.advance(10)
    expect(called).toEqual([510])
  })

  it('runs overlapping advances one after another', async () => {
    const clock = virtualClock(0)
    const seen: number[] = []
    await Promise.all([
      clock.advance(10).then(() => seen.push(clock.now())),
      clock.advance(5).then(() => seen.push(clock.now())),
    ])
    expect([seen[1], clock.now()]).toEqual([15, 15])
  })

  it('rejects with what a timer throws, and goes on after it', async () => {
    const clock = virtualClock(0)
    clock.setTimer(5, () => {
      throw new Error('thrown')
    })
    await expect(clock.advance(10)).rejects.toThrow('thrown')
    await clock.advance(5)
    expect(clock.now()).toBe(10)
  })

  it.each([-1, 1.5, Number.NaN, Infinity])('refuses to advance by %d', (time) => {
    expect(() => virtualClock().advance(time)).toThrow('REACH_OPTION_INVALID')
  })

  it('refuses a text that is no length of time', () => {
    expect(() => virtualClock().advance(JSON.parse('"9 hours"'))).toThrow('REACH_OPTION_INVALID')
    expect(() => virtualClock('soon')).toThrow('REACH_OPTION_INVALID')
  })
})
