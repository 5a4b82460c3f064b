// A cancel and the worker at the same moment: the ledger is wrapped, so that one goes in between two calls of the other.
import { createReach, firstOf, memoryStore, message, sent, unknown } from '@reachkit/core'
import type { DeliveryOutcome, Ledger } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'

/** A ledger that lets something happen right after it answered one call, the next time that one is made. */
function interleaved(ledger: Ledger): {
  ledger: Ledger
  after: (call: keyof Ledger, what: () => Promise<unknown>) => void
} {
  const waiting = new Map<unknown, () => Promise<unknown>>()
  const wrapped = new Proxy(ledger, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return async (...given: unknown[]) => {
        const answer: unknown = await Reflect.apply(value, target, given)
        const what = waiting.get(name)
        waiting.delete(name)
        await what?.()
        return answer
      }
    },
  })
  return { ledger: wrapped, after: (call, what) => waiting.set(call, what) }
}

async function setUp(answer: DeliveryOutcome | Answer) {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const alarm = message('alarm', {
    content: { lamp: { text: 'x' }, horn: { text: 'x' } },
    route: firstOf('lamp', 'horn').unless('read', { within: '1h' }),
    retry: { attempts: 3, base: '10m', cap: '10m' },
  })
  const engine = (ledger: Ledger, worker: boolean) => {
    const lamp = signal('lamp', [answer], { capabilities: { deduplicates: true } })
    const horn = signal('horn')
    const channels = { lamp: lamp.channel, horn: horn.channel }
    const store = sharedStore({ ...parts, ledger })
    const reach = world.open(createReach({ ...world.base, store, worker, messages: [alarm], channels }))
    return { reach, lamp: lamp.requests, horn: horn.requests }
  }
  const web = interleaved(parts.ledger)
  const work = interleaved(parts.ledger)
  const console = engine(web.ledger, false)
  const worker = engine(work.ledger, true)
  await worker.reach.start()
  const { id } = await worker.reach.notify('alarm', { lamp: 'l1', horn: 'h1' }, undefined, { after: '1m' })
  return { ...world, console: console.reach, worker, id, afterLooking: web.after, afterWork: work.after }
}

describe('A cancel that races the worker', () => {
  for (const [answer, told, view] of [
    [sent(), 'cancelled', { state: 'done', outcome: 'sent' }],
    [unknown(), 'too-late', { state: 'waiting' }],
  ] as const) {
    it(`and loses to a settlement of ${answer.kind} does not say that nothing went out.`, async () => {
      const { clock, console, worker, id, afterLooking } = await setUp(answer)
      afterLooking('get', async () => clock.advance('61s'))
      expect(await console.cancel(id)).toBe(told)
      expect(worker.lamp.length).toBe(1)
      expect(await console.get(id)).toMatchObject(view)
    })
  }

  it('and loses to a begin between its two calls is too late.', async () => {
    const { clock, console, worker, id, afterLooking } = await setUp(() => new Promise(() => {}))
    afterLooking('get', async () => clock.advance('61s'))
    expect(await console.cancel(id)).toBe('too-late')
    expect(worker.lamp.length).toBe(1)
    expect(await console.get(id)).toMatchObject({ state: 'sending' })
  })

  it('and loses to a begin is too late.', async () => {
    const { clock, console, worker, id, afterWork } = await setUp(sent())
    const answers: unknown[] = []
    afterWork('begin', async () => answers.push(await console.cancel(id)))
    await clock.advance('61s')
    expect(answers).toEqual(['too-late'])
    expect(worker.lamp.length).toBe(1)
    expect((await console.get(id))?.outcome).not.toBe('cancelled')
  })

  it('and wins after the claim leaves nothing to send.', async () => {
    const { clock, console, worker, id, afterWork } = await setUp(sent())
    const answers: unknown[] = []
    afterWork('claim', async () => answers.push(await console.cancel(id)))
    await clock.advance('30m')
    expect(answers).toEqual(['cancelled'])
    expect([worker.lamp.length, worker.horn.length]).toEqual([0, 0])
    expect(await console.get(id)).toMatchObject({ state: 'done', outcome: 'cancelled' })
  })
})
