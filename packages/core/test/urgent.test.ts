// Urgent messages where they are accepted: a way to the driver without the pool, and others that give way meanwhile.
import { createReach, memoryStore, message } from '@reachkit/core'
import type { Envelope, Pool, StoreParts } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { Turns } from '../src/dispatch/turns.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import { lossyPool, virtualClock } from './support/testing.js'
import { createWorld } from './support/world.js'

const code = message('code', { content: { lamp: { text: 'x' } }, priority: 'P0' })
const ping = message('ping', { content: { lamp: { text: 'x' } } })

async function setUp(change: (parts: StoreParts) => StoreParts = (parts) => parts) {
  const world = createWorld()
  const pushed: Envelope[] = []
  const parts = change(await memoryStore().open(world.base))
  const losesAll = (pool: Pool): Pool =>
    lossyPool(pool, { random: world.base.random, lose: 1, double: 0, onLost: (envelopes) => pushed.push(...envelopes) })
  const lamp = signal('lamp')
  const open = (worker: boolean) => {
    const options = { store: sharedStore(parts, losesAll), messages: [code, ping], channels: { lamp: lamp.channel } }
    return world.open(createReach({ ...world.base, ...options, worker }))
  }
  return { ...world, open, pushed, requests: lamp.requests }
}

describe('A P0 message in a process that works', () => {
  it('is sent without the pool; one of another lane is pushed.', async () => {
    const { open, pushed, requests, until } = await setUp()
    const reach = open(true)
    const urgent = await reach.notify('code', { lamp: 'l1' })
    expect(await until(urgent.settled())).toMatchObject({ outcome: 'sent' })
    expect(pushed).toEqual([])
    await reach.notify('ping', { lamp: 'l2' })
    expect(pushed.map(({ lane }) => lane)).toEqual(['P2'])
    expect(requests.map(({ to }) => to)).toEqual(['l1'])
  })

  it('is pushed where it is not due yet, or where the process only accepts.', async () => {
    const { open, pushed } = await setUp()
    await open(true).notify('code', { lamp: 'l1' }, undefined, { after: '1s' })
    await open(false).notify('code', { lamp: 'l2' })
    expect(pushed.map(({ lane }) => lane)).toEqual(['P0', 'P0'])
  })

  it('comes again by the sweep where it could not be claimed.', async () => {
    let refusals = 0
    const { open, requests, pushed, clock } = await setUp((parts) => ({
      ...parts,
      ledger: refusing(parts, () => refusals++ < 1),
    }))
    await open(true).notify('code', { lamp: 'l1' })
    await clock.advance(0)
    expect(requests).toEqual([])
    await clock.advance(10_000)
    expect(refusals).toBe(1)
    expect(pushed.map(({ lane }) => lane)).toContain('P0')
  })
})

function refusing({ ledger }: StoreParts, refuses: () => boolean): StoreParts['ledger'] {
  return new Proxy(ledger, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return async (...given: unknown[]) => {
        if (name === 'claim' && refuses()) throw new Error('away')
        return Reflect.apply(value, target, given)
      }
    },
  })
}

describe('Turns while something urgent is under way', () => {
  const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const setUpTurns = () => {
    const clock = virtualClock('2026-06-01T12:00:00Z')
    const turns = new Turns(clock)
    const went: string[] = []
    const go = (lane: 'P0' | 'P3') => void turns.next(lane).then(() => went.push(lane))
    return { clock, turns, went, go }
  }

  it('are for that alone: others wait until it has reached its driver.', async () => {
    const { turns, went, go } = setUpTurns()
    go('P3')
    await turn()
    turns.urge()
    expect([turns.mustWait('P3'), turns.mustWait('P0')]).toEqual([true, false])
    go('P3')
    go('P0')
    await turn()
    await turn()
    expect(went).toEqual(['P3', 'P0'])
    turns.calm()
    await turn()
    expect(went).toEqual(['P3', 'P0', 'P3'])
    expect(turns.mustWait('P3')).toBe(false)
  })

  it('come to the others once in 20 ms all the same.', async () => {
    const { clock, turns, went, go } = setUpTurns()
    turns.urge()
    for (let count = 0; count < 3; count += 1) go('P3')
    await clock.advance(0)
    await turn()
    expect(went).toHaveLength(1)
    await clock.advance(19)
    await turn()
    expect(went).toHaveLength(1)
    await clock.advance(1)
    await turn()
    expect(went).toHaveLength(2)
    await clock.advance(20)
    await turn()
    expect(went).toHaveLength(3)
  })
})
