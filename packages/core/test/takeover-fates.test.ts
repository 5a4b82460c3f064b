// What an attempt of a dead worker counts at a gate, whatever became of its message by the time that its heir looks.
import { all, createReach, firstOf, memoryStore, message, pass, rejected, retry, sent, unknown } from '@reachkit/core'
import type { ConsumingGate, DeliveryOutcome, GateItem, Route, StoreParts } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { mayLeaveOpen } from '../../../test/support/assert-closed.js'
import { mortal } from './support/mortal.js'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import type { Answer, SignalOptions } from './support/signals.js'
import { crashingStore } from './support/testing.js'
import type { CrashPoint } from './support/testing.js'
import { createWorld } from './support/world.js'

// Engines that die here close nothing: what kept their process alive is left.
mayLeaveOpen('Timeout')

class Budget implements ConsumingGate {
  readonly specVersion = 1
  readonly name = 'budget'
  readonly phase = 'delivery'
  readonly taken = new Set<string>()
  spent = 0
  refused = 0
  limit = Number.POSITIVE_INFINITY
  onRelease = async (): Promise<void> => {}

  check(items: readonly GateItem[]) {
    return items.map(() => pass)
  }

  take(items: readonly GateItem[], reservation: string, { now }: { readonly now: number }) {
    return items.map(({ id }) => {
      if (this.taken.size + this.spent >= this.limit) {
        this.refused += 1
        return { kind: 'defer', until: now + 1_000, reason: { code: 'budget' } } as const
      }
      this.taken.add(`${reservation} ${id}`)
      return pass
    })
  }

  confirm(reservation: string, ids: readonly string[]) {
    for (const id of ids) if (this.taken.delete(`${reservation} ${id}`)) this.spent += 1
  }

  async release(reservation: string, ids?: readonly string[]) {
    await this.onRelease()
    for (const key of this.taken) {
      const [name, id = ''] = key.split(' ')
      if (name === reservation && (ids?.includes(id) ?? true)) this.taken.delete(key)
    }
  }

  get book() {
    return { spent: this.spent, reserved: this.taken.size }
  }
}

interface Case {
  readonly route: 'horn' | Route<'horn' | 'drum'>
  /** What the drivers of the dying worker answer. */
  readonly first: { readonly horn: DeliveryOutcome | Answer; readonly drum?: DeliveryOutcome }
  readonly at?: CrashPoint
  readonly onUnknown?: 'resend'
  readonly deduplicates?: boolean
}

const hang: Answer = () => new Promise(() => {})

/** A worker that dies with one message, and an heir whose horn answers only when it is let. */
async function setUp({ route, first, at = 'after-settle', onUnknown, deduplicates = false }: Case) {
  const world = createWorld()
  const parts: StoreParts = await memoryStore().open(world.base)
  const budget = new Budget()
  const content = { horn: { text: 'x' }, drum: { text: 'x' } }
  const type = message('quick', { content, route, ...(onUnknown && { onUnknown }) })
  const options: SignalOptions = { capabilities: { timeoutMs: 60_000, deduplicates } }
  const engine = (store: ReturnType<typeof sharedStore>, horn: Answer, drum: Answer) =>
    createReach({
      ...world.base,
      store,
      gates: [budget],
      messages: [type],
      channels: { horn: signal('horn', horn, options).channel, drum: signal('drum', drum, options).channel },
    })
  const { store, die } = mortal(parts)
  const answer = (of: DeliveryOutcome | Answer = sent()): Answer => (typeof of === 'function' ? of : () => of)
  const dying = engine(crashingStore(store, { at, crash: die }), answer(first.horn), answer(first.drum))
  const { id } = await dying.notify('quick', { horn: 'h', drum: 'd' })
  await world.clock.advance('1s')
  let answerHorn = (): void => {}
  const letGo = new Promise<void>((resolve) => {
    answerHorn = resolve
  })
  const heir = world.open(
    engine(
      sharedStore(parts),
      () => letGo.then(() => sent()),
      () => sent(),
    ),
  )
  const record = async () => (await parts.ledger.get([id]))[0]
  return { ...world, id, budget, heir, record, answerHorn: () => answerHorn() }
}

const cases: readonly (Case & { readonly name: string; readonly spent: number; readonly late?: number })[] = [
  { name: 'was to be tried again', route: 'horn', first: { horn: retry() }, spent: 1 },
  {
    name: 'was refused before another channel',
    route: firstOf('drum', 'horn'),
    first: { horn: sent(), drum: rejected('no') },
    spent: 1,
  },
  {
    name: 'may have gone out, where a copy is dropped',
    route: 'horn',
    first: { horn: unknown() },
    deduplicates: true,
    spent: 1,
  },
  {
    name: 'was in the air, where a copy is dropped',
    route: 'horn',
    first: { horn: hang },
    at: 'after-begin',
    deduplicates: true,
    spent: 1,
  },
  {
    name: 'may have gone out, and was wanted once more',
    route: 'horn',
    first: { horn: unknown() },
    onUnknown: 'resend',
    spent: 2,
  },
  // Too many by one where it is looked late: the ledger no longer tells the channels apart.
  {
    name: 'was sent beside a channel to be tried again',
    route: all('drum', 'horn'),
    first: { horn: retry() },
    spent: 2,
    late: 3,
  },
]

describe('An attempt of a dead worker that', () => {
  it.each(cases)('$name counts as it should while the next one is in the air.', async ({ spent, ...plan }) => {
    const { budget, heir, record, clock, answerHorn } = await setUp(plan)
    await heir.start()
    await clock.advance('30s')
    expect((await record())?.state).toBe('sending')
    expect(budget.book).toEqual({ spent: spent - 1, reserved: 1 })
    answerHorn()
    await clock.advance('5s')
    expect((await record())?.outcome).toBe('sent')
    expect(budget.book).toEqual({ spent, reserved: 0 })
  })

  it.each(cases)('$name counts as it should once all is sent.', async ({ spent, late = spent, ...plan }) => {
    const { budget, heir, record, clock, answerHorn } = await setUp(plan)
    answerHorn()
    await heir.start()
    await clock.advance('60s')
    expect((await record())?.outcome).toBe('sent')
    expect(budget.book).toEqual({ spent: late, reserved: 0 })
  })
})

it('What was to be tried again is given back where the message is cancelled since.', async () => {
  const { id, budget, heir, record, clock } = await setUp({ route: 'horn', first: { horn: retry() } })
  expect(await heir.cancel(id)).toBe('cancelled')
  await heir.start()
  await clock.advance('30s')
  expect((await record())?.outcome).toBe('cancelled')
  expect(budget.book).toEqual({ spent: 0, reserved: 0 })
})

it('Of a message that is held for one channel, what was refused on another is given back.', async () => {
  const plan = { route: all('drum', 'horn'), first: { horn: unknown(), drum: rejected('no') } }
  const { budget, heir, record, clock } = await setUp(plan)
  await heir.start()
  await clock.advance('30s')
  expect((await record())?.state).toBe('held')
  expect(budget.book).toEqual({ spent: 0, reserved: 1 })
})

it('What a person has sent once more counts once more.', async () => {
  const { id, budget, heir, record, clock, answerHorn } = await setUp({ route: 'horn', first: { horn: sent() } })
  await heir.resend(id)
  await heir.start()
  await clock.advance('30s')
  expect((await record())?.state).toBe('sending')
  expect(budget.book).toEqual({ spent: 1, reserved: 1 })
  answerHorn()
  await clock.advance('5s')
  expect(budget.book).toEqual({ spent: 2, reserved: 0 })
})

it('What a dead worker took is given back before its message is taken for once more.', async () => {
  const plan = { route: 'horn', first: { horn: hang }, at: 'after-begin', deduplicates: true } as const
  const { budget, heir, record, clock, answerHorn } = await setUp(plan)
  budget.limit = 1
  budget.onRelease = () => new Promise((resolve) => clock.setTimer(3_000, resolve))
  answerHorn()
  await heir.start()
  await clock.advance('30s')
  expect((await record())?.outcome).toBe('sent')
  expect(budget.refused).toBe(0)
  expect(budget.book).toEqual({ spent: 1, reserved: 0 })
})

it('What an attempt took is given back before it is taken for once more.', async () => {
  const world = createWorld()
  const budget = new Budget()
  budget.limit = 1
  budget.onRelease = () => new Promise((resolve) => world.clock.setTimer(3_000, resolve))
  const { channel } = signal('horn', [retry(), sent()])
  const messages = [message('quick', { content: { horn: { text: 'x' } } })]
  const reach = world.open(
    createReach({ ...world.base, store: memoryStore(), gates: [budget], messages, channels: { horn: channel } }),
  )
  await reach.notify('quick', { horn: 'h' })
  await world.clock.advance('20s')
  expect(budget.refused).toBe(0)
  expect(budget.book).toEqual({ spent: 1, reserved: 0 })
})
