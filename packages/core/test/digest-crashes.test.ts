// Workers that die between the steps of a digest, and several that work on the same groups at once.
import { sent } from '@reachkit/core'
import type { StoreParts } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { mayLeaveOpen } from '../../../test/support/assert-closed.js'
import { digestWorld, itemsOf, tell } from './support/digest-world.js'
import { mortal } from './support/mortal.js'
import type { Answer } from './support/signals.js'
import { lossyPool, seededRandom } from './support/testing.js'

// Engines that die here close nothing: what kept their process alive is left.
mayLeaveOpen('Timeout')

/** A provider that drops copies: what it keeps of each key, and what came under a key that was not the same. */
function sink() {
  const kept = new Map<string, string>()
  const differing: string[] = []
  const take: Answer = ({ idempotencyKey, content: { text } }) => {
    const before = kept.get(idempotencyKey)
    if (before === undefined) kept.set(idempotencyKey, text)
    else if (before !== text) differing.push(text)
    return sent()
  }
  const shown = (): string[] => [...kept.values()].flatMap((text) => itemsOf({ content: { text } })).toSorted()
  return { take, shown, differing, digests: () => kept.size }
}

/** Parts of which a call does what it does, and is the last thing that the process does. */
function tripping(
  parts: StoreParts,
  call: string,
  count: number,
): ReturnType<typeof mortal> & { tripped: () => boolean } {
  let left = count
  let dead = false
  const end: { die: () => void } = { die: () => {} }
  const wrap = <T extends object>(part: T, name: string): T =>
    new Proxy(part, {
      get(target, verb) {
        const value: unknown = Reflect.get(target, verb, target)
        if (typeof value !== 'function') return value
        return async (...given: unknown[]): Promise<unknown> => {
          if (dead) return new Promise(() => {})
          const answer: unknown = await Reflect.apply(value, target, given)
          if (`${name}.${String(verb)}` !== call || (left -= 1) > 0) return dead ? new Promise(() => {}) : answer
          dead = true
          end.die()
          return new Promise(() => {})
        }
      },
    })
  const made = mortal({ ...parts, ledger: wrap(parts.ledger, 'ledger'), state: wrap(parts.state, 'state') })
  end.die = made.die
  return { ...made, tripped: () => dead }
}

describe('A worker that dies after one of its calls', () => {
  it.each([
    ['state.remember', 1],
    ['state.enter', 1],
    ['ledger.settle', 1],
    ['ledger.settle', 2],
    ['state.members', 1],
    ['ledger.get', 1],
    ['ledger.get', 2],
    ['ledger.get', 3],
    ['ledger.change', 1],
    ['state.leave', 1],
    ['ledger.begin', 1],
    ['ledger.settle', 4],
    ['ledger.settle', 5],
  ] as const)(
    '%s, time %i: another one sends each item once, and the same ones under the same key',
    async (call, count) => {
      const { parts, clock, engine } = await digestWorld()
      const { take, shown, differing } = sink()
      const first = tripping(parts, call, count)
      await engine(take, { store: first.store }).reach.start()
      const front = engine(take, { worker: false })
      await tell(front.reach, 'ann', 'a')
      await clock.advance('1m')
      await tell(front.reach, 'ann', 'b c d')
      await clock.advance('601s')
      expect(first.tripped()).toBe(true)
      const heir = engine(take)
      await heir.reach.start()
      await clock.advance('20m')
      expect(shown()).toEqual(['a', 'b', 'c', 'd'])
      expect(differing).toEqual([])
      const records = await parts.ledger.pending({}, 10)
      expect(records).toEqual([])
    },
  )
})

describe('Workers that race', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    'seed %i: no item is lost, none is shown twice',
    async (seed) => {
      const random = seededRandom(seed)
      const { parts, clock, engine } = await digestWorld()
      const { take, shown, differing, digests } = sink()
      const pool = (inner: NonNullable<StoreParts['pool']>) => lossyPool(inner, { random })
      const start = async () => {
        const made = mortal(parts, pool)
        const { reach } = engine(take, { store: made.store })
        await reach.start()
        return { ...made, reach }
      }
      const living = [await start(), await start(), await start()]
      const cancelled = new Set<string>()
      const told = new Map<string, string>()
      for (let round = 0; round < 60; round += 1) {
        const at = Math.floor(random.next() * living.length)
        const one = living[at]
        if (one === undefined) continue
        const item = `i${round}`
        const [id = ''] = await tell(one.reach, ['ann', 'bob'][round % 2] ?? 'ann', item)
        told.set(item, id)
        await clock.advance(Math.floor(random.next() * 40_000))
        if (round % 7 === 3 && (await one.reach.cancel(id)) === 'cancelled') cancelled.add(item)
        if (round % 10 === 9) {
          one.die()
          living[at] = await start()
        }
      }
      await clock.advance('2h')
      const wanted = [...told.keys()].filter((item) => !cancelled.has(item)).toSorted()
      expect(shown()).toEqual(wanted)
      expect(differing).toEqual([])
      expect(cancelled.size).toBeGreaterThan(0)
      expect(digests()).toBeLessThan(wanted.length / 2)
      expect(await parts.ledger.pending({}, 10)).toEqual([])
    },
  )
})
