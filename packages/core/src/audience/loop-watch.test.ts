import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LoopWatch } from './loop-watch.js'

test('Finds any circle of empty pages in less than three times its way.', () => {
  fc.assert(
    fc.property(fc.nat({ max: 50 }), fc.integer({ min: 1, max: 50 }), (way, circle) => {
      const watch = new LoopWatch()
      const next = (place: number): number => (place + 1 < way + circle ? place + 1 : way)
      let place = 0
      let pages = 0
      while (!watch.isLoop(String(place), String(next(place)), 0)) {
        place = next(place)
        pages += 1
        if (pages > 3 * (way + circle) + 3) throw new Error('not found')
      }
      expect(pages + 1).toBeGreaterThanOrEqual(circle)
    }),
  )
})

test('Lets empty pages lead on, and a circle that has somebody be.', () => {
  const watch = new LoopWatch()
  for (let page = 0; page < 10_000; page += 1) expect(watch.isLoop(`${page}`, `${page + 1}`, 0)).toBe(false)
  for (let page = 0; page < 100; page += 1) expect(watch.isLoop(`c${page % 2}`, `c${(page + 1) % 2}`, 1)).toBe(false)
})

test('Reads of several beginnings are no circle.', () => {
  const watch = new LoopWatch()
  for (let time = 0; time < 10; time += 1) {
    expect(watch.isLoop('', '1', 0)).toBe(false)
    expect(watch.isLoop('1', '2', 0)).toBe(false)
    expect(watch.isLoop('2', undefined, 0)).toBe(false)
  }
})
