// What a dead worker had taken at gates goes back, whichever slice it was taken for.
import { createReach, memoryStore, message, pass } from '@reachkit/core'
import type { ConsumingGate, GateItem, Store, StoreParts } from '@reachkit/core'
import { expect, it } from 'vitest'
import { mayLeaveOpen } from '../../../test/support/assert-closed.js'
import { mortal } from './support/mortal.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import { crashingChannel, crashingGate, crashingStore } from './support/testing.js'
import type { CrashPoint } from './support/testing.js'
import { createWorld } from './support/world.js'
import type { World } from './support/world.js'

// Engines that die here close nothing: what kept their process alive is left.
mayLeaveOpen('Timeout')

/** Lets every horn through and keeps book of it; a lamp waits an hour. */
class Cap implements ConsumingGate {
  readonly specVersion = 1
  readonly name = 'cap'
  readonly phase = 'delivery'
  readonly taken = new Set<string>()
  /** What was taken and counts now. */
  spent = 0
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
    for (const id of ids) if (this.taken.delete(`${reservation} ${id}`)) this.spent += 1
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

interface Death {
  readonly at: CrashPoint
  readonly nth?: number
}

/** Five to one envelope, in slices of two. A process for each death, which dies of it, and one that lives. */
async function afterDeaths(
  world: World,
  { deaths, deduplicates = false, cap = new Cap() }: { deaths: readonly Death[]; deduplicates?: boolean; cap?: Cap },
): Promise<{ cap: Cap; outcomes: readonly string[]; parts: StoreParts }> {
  const parts = await memoryStore().open(world.base)
  const messages = [message('quick', { content: { horn: { text: 'x' } } })]
  const engine = (die?: Death) => {
    const { store, die: crash } = mortal(parts)
    const { channel } = signal('horn', [], { capabilities: { concurrency: 5, deduplicates } })
    if (die === undefined)
      return createReach({ ...world.base, store, gates: [cap], messages, channels: { horn: channel } })
    const plan = { ...die, crash }
    return createReach({
      ...world.base,
      store: crashingStore(store, plan),
      gates: [crashingGate(cap, plan)],
      messages,
      channels: { horn: crashingChannel(channel, plan) },
    })
  }
  const [first, ...heirs] = deaths
  const { ids } = await engine(first).notify(
    'quick',
    Array.from({ length: 5 }, (_, n) => ({ horn: `h${n}` })),
  )
  await world.clock.advance('1s')
  for (const death of heirs) {
    await engine(death).start()
    await world.clock.advance('60s')
  }
  await world.open(engine()).start()
  await world.clock.advance('120s')
  const records = await parts.ledger.get(ids)
  return { cap, parts, outcomes: records.map((record) => record?.outcome ?? record?.state ?? 'absent') }
}

const claimed = { at: 'after-claim' } as const

it.each([
  { name: 'with a slice in the air', deaths: [{ at: 'after-begin', nth: 2 }, claimed], held: 2 },
  { name: 'with a slice taken', deaths: [{ at: 'after-take', nth: 2 }, claimed], held: 0 },
  { name: 'before anything is begun', deaths: [{ at: 'after-take' }, claimed, claimed], held: 0 },
  { name: 'with what it was about to store', deaths: [{ at: 'before-settle', nth: 2 }, claimed, claimed], held: 2 },
  { name: 'having resolved and taken', deaths: [{ at: 'after-begin' }, { at: 'after-take' }, claimed], held: 2 },
  { name: 'having stored the last of it', deaths: [{ at: 'after-settle', nth: 3 }], held: 0 },
  { name: 'having stored the last of it, twice', deaths: [{ at: 'after-settle', nth: 3 }, claimed], held: 0 },
] as const)(
  'Workers that die one after the other, the first $name, leave nothing reserved.',
  async ({ deaths, held }) => {
    const { cap, outcomes } = await afterDeaths(createWorld(), { deaths })
    expect(outcomes.filter((outcome) => outcome === 'held').length).toBe(held)
    expect(outcomes.filter((outcome) => outcome === 'sent').length).toBe(5 - held)
    expect({ spent: cap.spent, reserved: cap.taken.size }).toEqual({ spent: 5 - held, reserved: held })
  },
)

it('What a dead worker was sending is taken once more where it is sent once more.', async () => {
  const { cap, outcomes } = await afterDeaths(createWorld(), {
    deaths: [{ at: 'after-begin', nth: 2 }, claimed],
    deduplicates: true,
  })
  expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'sent'))
  expect({ spent: cap.spent, reserved: cap.taken.size }).toEqual({ spent: 5, reserved: 0 })
})
