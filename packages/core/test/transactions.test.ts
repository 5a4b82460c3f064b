import { createReach, memoryStore, message, sent } from '@reachkit/core'
import type { Ledger, NewParcel, Store } from '@reachkit/core'
import { ReachError } from '@reachkit/core/spec'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { errorOf } from './support/error-of.js'
import { FakeDatabase } from './support/fake-outbox.js'
import { sharedStore } from './support/shared-store.js'
import { signal, untyped } from './support/signals.js'
import { createWorld } from './support/world.js'
import type { World } from './support/world.js'

const paid = message('order.paid', {
  data: z.object({ order: z.string() }),
  purpose: 'transactional',
  content: { lamp: { text: 'Paid {{ order }}' } },
})

interface Setup {
  readonly store?: Store
  readonly database?: FakeDatabase
  readonly worker?: boolean
}

function setup(world: World = createWorld(), { store, database = new FakeDatabase(world.clock), worker }: Setup = {}) {
  const texts: string[] = []
  const { channel: lamp } = signal('lamp', ({ content }) => {
    texts.push(content.text)
    return sent()
  })
  const { base, clock } = world
  const given = { messages: [paid], channels: { lamp }, outbox: database.outbox, worker }
  const reach = world.open(createReach({ ...base, ...given, ...(store !== undefined && { store }) }))
  return { ...world, reach, database, texts, clock }
}

const ann = { lamp: 'ann' }

test('a commit loses nothing: relayed at once, within milliseconds, and told as pending', async () => {
  const { reach, database, until, texts, clock } = setup()
  const tx = database.begin()
  const accepted = await reach.in(tx).notify('order.paid', ann, { order: 'A1' })
  expect(accepted).toMatchObject({ state: 'pending', deduplicated: false, ids: [accepted.id] })
  const settled = accepted.settled()
  await clock.advance(700)
  expect(texts).toEqual([])
  expect(await reach.get(accepted.id)).toBeUndefined()
  database.commit(tx)
  await clock.advance(250)
  expect(texts).toEqual(['Paid A1'])
  expect(await until(settled)).toMatchObject({ id: accepted.id, state: 'done', outcome: 'sent' })
  expect(database.committed.size).toBe(0)
})

test('a commit at once is relayed within 20 ms', async () => {
  const { reach, database, texts, clock } = setup()
  const tx = database.begin()
  await reach.in(tx).notify('order.paid', ann, { order: 'A1' })
  database.commit(tx)
  await clock.advance(20)
  expect(texts).toEqual(['Paid A1'])
})

test('a rollback leaves nothing: nothing is sent, and settled() ends', async () => {
  const { reach, database, until, texts, clock } = setup()
  const tx = database.begin()
  const accepted = await reach.in(tx).notify('order.paid', ann, { order: 'A1' })
  const settled = errorOf(() => accepted.settled())
  database.rollback(tx)
  await clock.advance('4m')
  expect(texts).toEqual([])
  expect(await until(settled, 120_000)).toMatchObject({ code: 'REACH_MESSAGE_NOT_FOUND' })
})

test('it checks like notify, and writes nothing of what is wrong', async () => {
  const { reach, database } = setup()
  const tx = database.begin()
  const wrong = { order: 7 } as never
  expect(await errorOf(() => reach.in(tx).notify('order.paid', ann, wrong))).toMatchObject({
    code: 'REACH_DATA_INVALID',
  })
  expect(
    await errorOf(() => reach.in(tx).notify(untyped<'order.paid'>('no.such'), ann, { order: 'A1' })),
  ).toMatchObject({
    code: 'REACH_MESSAGE_UNKNOWN',
  })
  expect(tx.rows).toEqual([])
})

test('what is no open transaction is refused, before and after the store is open', async () => {
  const { reach, database } = setup()
  const over = database.begin()
  database.commit(over)
  for (const wrong of [{}, over, undefined, database] as never[])
    expect(await errorOf(() => reach.in(wrong))).toMatchObject({ code: 'REACH_TRANSACTION_UNSUPPORTED' })
  const world = createWorld()
  const plain = world.open(createReach({ ...world.base, messages: [], channels: {} }))
  const none = (): Promise<unknown> =>
    plain.in(untyped({})).notify(untyped<never>('x'), untyped({}), untyped<never>({}))
  expect(await errorOf(none)).toMatchObject({ code: 'REACH_TRANSACTION_UNSUPPORTED' })
  await plain.start()
  expect(await errorOf(() => plain.in({} as never))).toMatchObject({ code: 'REACH_TRANSACTION_UNSUPPORTED' })
})

test('a list goes in as parcels of one row each, and every message arrives', async () => {
  const { reach, database, until, texts } = setup()
  const tx = database.begin()
  const people = Array.from({ length: 1_200 }, (_, index) => ({ lamp: `p${index}` }))
  const accepted = await reach.in(tx).notify('order.paid', people, { order: 'A1' })
  expect(new Set(accepted.ids).size).toBe(1_200)
  expect(accepted.state).toBe('pending')
  expect(tx.rows.length).toBe(3)
  database.commit(tx)
  await until(accepted.settled())
  await until(waitFor(() => texts.length === 1_200))
  expect((await reach.get(accepted.ids[1_199] ?? ''))?.recipient).toEqual({ lamp: 'p1199' })
})

test('the same key in two open transactions: neither waits, one is sent, the other ends merged into it', async () => {
  const { reach, database, until, texts } = setup()
  const [one, two] = [database.begin(), database.begin()]
  const key = { idempotencyKey: 'A1' }
  const first = await reach.in(one).notify('order.paid', ann, { order: 'A1' }, key)
  const second = await reach.in(two).notify('order.paid', ann, { order: 'A2' }, key)
  database.commit(two)
  expect(await until(second.settled())).toMatchObject({ outcome: 'sent' })
  database.commit(one)
  expect(await until(first.settled())).toEqual({
    id: first.id,
    state: 'done',
    outcome: 'merged',
    reason: { code: 'duplicate' },
    into: second.id,
  })
  expect(await reach.get(first.id)).toMatchObject({ outcome: 'merged', into: second.id })
  expect(texts).toEqual(['Paid A2'])
  const later = await reach.notify('order.paid', ann, { order: 'A3' }, key)
  expect(later).toMatchObject({ id: second.id, deduplicated: true, state: 'accepted' })
})

test('keys in opposite order in two transactions: each key is sent once', async () => {
  const { reach, database, until, texts, clock } = setup()
  const [one, two] = [database.begin(), database.begin()]
  const put = async (tx: typeof one, order: string) =>
    reach.in(tx).notify('order.paid', ann, { order }, { idempotencyKey: order })
  const all = [await put(one, 'A'), await put(two, 'B'), await put(one, 'B'), await put(two, 'A')]
  database.commit(one)
  await clock.advance(100)
  database.commit(two)
  const settled = await Promise.all(all.map(async (accepted) => until(accepted.settled())))
  expect(settled.map(({ outcome }) => outcome)).toEqual(['sent', 'merged', 'sent', 'merged'])
  expect(texts.toSorted()).toEqual(['Paid A', 'Paid B'])
})

test('a long transaction that began first and commits last loses nothing', async () => {
  const { reach, database, texts, clock } = setup()
  const long = database.begin()
  await reach.in(long).notify('order.paid', ann, { order: 'first' })
  for (let minute = 0; minute < 5; minute += 1) {
    const short = database.begin()
    await reach.in(short).notify('order.paid', ann, { order: `${minute}` })
    database.commit(short)
    await clock.advance('1m')
  }
  expect(texts.length).toBe(5)
  database.commit(long)
  await clock.advance(1_500)
  expect(texts).toContain('Paid first')
  expect(texts.length).toBe(6)
})

test('a relay that dies between accept and done does no harm', async () => {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const database = new FakeDatabase(world.clock)
  const dying = setup(world, { store: sharedStore(parts), database })
  database.forgetful = true
  const tx = database.begin()
  const accepted = await dying.reach.in(tx).notify('order.paid', ann, { order: 'A1' })
  database.commit(tx)
  await dying.until(accepted.settled())
  await dying.until(dying.reach.stop({ timeout: '1s' }))
  expect(database.committed.size).toBe(1)
  database.forgetful = false
  const other = setup(world, { store: sharedStore(parts), database })
  await other.reach.start()
  await world.clock.advance('40s')
  expect(database.committed.size).toBe(0)
  expect([...dying.texts, ...other.texts]).toEqual(['Paid A1'])
})

test('a process that died after its commit: another one relays, within seconds', async () => {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const database = new FakeDatabase(world.clock)
  const accepting = setup(world, { store: sharedStore(parts), database, worker: false })
  const tx = database.begin()
  await accepting.reach.in(tx).notify('order.paid', ann, { order: 'A1' })
  await world.until(accepting.reach.stop({ timeout: '0s' }))
  database.commit(tx)
  const other = setup(world, { store: sharedStore(parts), database })
  await other.reach.start()
  await world.clock.advance('2s')
  expect(other.texts).toEqual(['Paid A1'])
})

test('a process without a worker relays its own appends, and looks no more after a while', async () => {
  const { reach, database, clock } = setup(createWorld(), { worker: false })
  await reach.start()
  await clock.advance('1m')
  expect(database.claims).toBe(0)
  const tx = database.begin()
  const { id } = await reach.in(tx).notify('order.paid', ann, { order: 'A1' })
  database.commit(tx)
  await clock.advance('1m')
  expect(await reach.get(id)).toMatchObject({ state: 'waiting' })
  const before = database.claims
  await clock.advance('1m')
  expect(database.claims).toBe(before)
})

test('two processes relay the same rows: each message once', async () => {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const database = new FakeDatabase(world.clock)
  const [one, two] = [
    setup(world, { store: sharedStore(parts), database }),
    setup(world, { store: sharedStore(parts), database }),
  ]
  await Promise.all([one.reach.start(), two.reach.start()])
  for (let count = 0; count < 250; count += 1) {
    const tx = database.begin()
    await (count % 2 === 0 ? one : two).reach.in(tx).notify('order.paid', ann, { order: `${count}` })
    database.commit(tx)
  }
  await world.clock.advance('3s')
  const texts = [...one.texts, ...two.texts]
  expect(texts.length).toBe(250)
  expect(new Set(texts).size).toBe(250)
})

test('rows that nobody here can read are left and logged once, and the others go on', async () => {
  const { reach, database, texts, clock, lines } = setup()
  const tx = database.begin()
  await reach.in(tx).notify('order.paid', ann, { order: 'A1' })
  database.committed.set('newer', { text: '{"schema":2,"secret":"ann@example.com"}', claimedUntil: 0 })
  database.commit(tx)
  await clock.advance('2m')
  expect(texts).toEqual(['Paid A1'])
  expect([...database.committed.keys()]).toEqual(['newer'])
  expect(lines.filter(({ fields }) => fields['row'] === 'newer').length).toBe(1)
  expect(JSON.stringify(lines)).not.toContain('ann@example.com')
})

test('a parcel that the store refuses for what it is does not stop the others', async () => {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const ledger = refusing(parts.ledger, (parcels) => {
    if (parcels.some(({ messages }) => messages[0]?.data.includes('bad') === true)) throw new TypeError('unfit')
  })
  const { reach, database, texts, clock } = setup(world, { store: sharedStore({ ...parts, ledger }) })
  for (const order of ['A1', 'bad', 'A2']) {
    const tx = database.begin()
    await reach.in(tx).notify('order.paid', ann, { order })
    database.commit(tx)
  }
  await clock.advance('1s')
  expect(texts).toEqual(['Paid A1', 'Paid A2'])
  expect(database.committed.size).toBe(1)
})

test('a store and an outbox that are away are asked again', async () => {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  let away = true
  const ledger = refusing(parts.ledger, () => {
    if (away) throw new ReachError('REACH_STORE_UNAVAILABLE', 'away')
  })
  const { reach, database, texts, clock } = setup(world, { store: sharedStore({ ...parts, ledger }) })
  const tx = database.begin()
  await reach.in(tx).notify('order.paid', ann, { order: 'A1' })
  database.commit(tx)
  await clock.advance('1m')
  expect(texts).toEqual([])
  away = false
  database.failure = new Error('away')
  await clock.advance('1m')
  database.failure = undefined
  await clock.advance('40s')
  expect(texts).toEqual(['Paid A1'])
  expect(database.committed.size).toBe(0)
})

test.each(['among its parts', 'itself'])('a store may have an outbox: %s', async (where) => {
  const world = createWorld()
  const database = new FakeDatabase(world.clock)
  const inner = memoryStore()
  const withParts: Store = {
    ...inner,
    open: async (context) => ({ ...(await inner.open(context)), outbox: database.outbox }),
  }
  const store: Store = where === 'itself' ? { ...inner, ...untyped<object>(database.outbox) } : withParts
  const channels = { lamp: signal('lamp').channel }
  const reach = world.open(createReach({ ...world.base, store, messages: [paid], channels }))
  const tx = database.begin()
  const accepted = await reach.in(untyped<never>(tx)).notify('order.paid', ann, { order: 'A1' })
  database.commit(tx)
  expect(await world.until(accepted.settled())).toMatchObject({ outcome: 'sent' })
  expect(await errorOf(() => reach.in(untyped({})))).toMatchObject({ code: 'REACH_TRANSACTION_UNSUPPORTED' })
})

test('an outbox of its own is closed at the end', async () => {
  const { reach, until, database } = setup()
  await reach.start()
  await until(reach.stop())
  expect(database.closed).toBe(true)
})

test('drain() relays what is committed', async () => {
  const { reach, database, texts, until } = setup()
  const tx = database.begin()
  await reach.in(tx).notify('order.paid', ann, { order: 'A1' })
  database.commit(tx)
  expect(await until(reach.drain(), 1_000, 1)).toBe(1)
  expect(texts).toEqual(['Paid A1'])
})

test('an outbox that is none, or of another version, is refused', async () => {
  const options = { messages: [], channels: {} }
  expect(await errorOf(() => createReach({ ...options, outbox: {} as never }))).toMatchObject({
    code: 'REACH_OPTION_INVALID',
  })
  const { outbox } = new FakeDatabase(createWorld().clock)
  const newer = { ...outbox, specVersion: 2 } as never
  expect(await errorOf(() => createReach({ ...options, outbox: newer }))).toMatchObject({
    code: 'REACH_SPEC_UNSUPPORTED',
  })
})

function refusing(ledger: Ledger, check: (parcels: readonly NewParcel[]) => void): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        if (name === 'accept') check(given[0] as readonly NewParcel[])
        return Reflect.apply(value, target, given) as unknown
      }
    },
  })
}

async function waitFor(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve))
}
