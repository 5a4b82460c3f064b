// What a dead worker had taken at gates goes back, whichever slice it was taken for.
import { createReach, memoryStore, message, pass } from '@reachkit/core'
import type { ConsumingGate, GateItem, Store } from '@reachkit/core'
import { expect, it } from 'vitest'
import { mayLeaveOpen } from '../../../test/support/assert-closed.js'
import { mortal } from './support/mortal.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import { createWorld } from './support/world.js'

// Engines that die here close nothing: what kept their process alive is left.
mayLeaveOpen('Timeout')

/** Lets every horn through and keeps book of it; a lamp waits an hour. */
class Cap implements ConsumingGate {
  readonly specVersion = 1
  readonly name = 'cap'
  readonly phase = 'delivery'
  readonly taken = new Set<string>()
  onTake = (_item: GateItem): void => {}

  check(items: readonly GateItem[]) {
    return items.map(() => pass)
  }

  async take(items: readonly GateItem[], reservation: string, { now }: { readonly now: number }) {
    return items.map((item) => {
      if (item.channel === 'lamp') return { kind: 'defer', until: now + 3_600_000, reason: { code: 'cap' } } as const
      this.taken.add(`${reservation} ${item.id}`)
      this.onTake(item)
      return pass
    })
  }

  async confirm(reservation: string, ids: readonly string[]) {
    for (const id of ids) this.taken.delete(`${reservation} ${id}`)
  }

  async release(reservation: string, ids?: readonly string[]) {
    for (const key of this.taken) {
      const [name, id = ''] = key.split(' ')
      if (name === reservation && (ids?.includes(id) ?? true)) this.taken.delete(key)
    }
  }
}

it('A slice that was taken behind one that gates stopped whole is given back at takeover.', async () => {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const cap = new Cap()
  const messages = [
    message('slow', { content: { lamp: { text: 'x' } } }),
    message('quick', { content: { horn: { text: 'x' } } }),
  ]
  const engine = (store: Store) => {
    const channels = { lamp: signal('lamp').channel, horn: signal('horn').channel }
    return createReach({ ...world.base, store, gates: [cap], messages, channels })
  }
  const first = mortal(parts)
  const dying = engine(first.store)
  cap.onTake = () => {
    cap.onTake = () => {}
    first.die()
  }
  const [, quick] = await Promise.all([dying.notify('slow', { lamp: 'l' }), dying.notify('quick', { horn: 'h' })])
  await world.clock.advance(100)
  expect(cap.taken.size).toBe(1)
  const heir = world.open(engine(sharedStore(parts)))
  await heir.start()
  await world.clock.advance('60s')
  expect((await parts.ledger.get([quick.id]))[0]?.outcome).toBe('sent')
  expect([...cap.taken]).toEqual([])
})
