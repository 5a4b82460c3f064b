// What is known of an attempt though its driver did not answer in time: a receipt, or an answer after the deadline.
import {
  all,
  channel,
  createReach,
  failover,
  firstOf,
  memoryStore,
  message,
  pass,
  rejected,
  retry,
  sent,
  unknown,
} from '@reachkit/core'
import type { ConsumingGate, DeliveryOutcome, ReceiptKind } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sharedStore } from './support/shared-store.js'
import { signal, untyped } from './support/signals.js'
import type { Answer, SignalOptions } from './support/signals.js'
import { createWorld } from './support/world.js'

const hang: Answer = () => new Promise(() => {})
const after =
  (ms: number, outcome: DeliveryOutcome): Answer =>
  (_request, { clock }) =>
    new Promise((resolve) => clock.setTimer(ms, () => resolve(outcome)))

type Answers = readonly (DeliveryOutcome | Answer)[]

interface Options {
  readonly lamp?: Answers
  readonly horn?: Answers
  readonly capabilities?: SignalOptions['capabilities']
  readonly hornTimeoutMs?: number
  readonly holdFor?: '10m'
  readonly gates?: readonly ConsumingGate[]
}

const quick = { timeoutMs: 1_000 }
const slow = { timeoutMs: 20_000 }

/** Two channels whose drivers give up after a second; a message goes to the first that works, or to both. */
function setUp({
  lamp: lampAnswers = [],
  horn: hornAnswers = [],
  capabilities = {},
  hornTimeoutMs = 1_000,
  holdFor,
  gates = [],
}: Options) {
  const world = createWorld()
  const lamp = signal('lamp', lampAnswers, { capabilities: { ...quick, ...capabilities } })
  const horn = signal('horn', hornAnswers, { capabilities: { timeoutMs: hornTimeoutMs } })
  const content = { lamp: { text: 'x' }, horn: { text: 'x' } }
  const again = { attempts: 4, base: '8s', cap: '8s' } as const
  const first = message('first', { content, route: firstOf('lamp', 'horn'), retry: again })
  const both = message('both', { content, route: all('lamp', 'horn'), retry: again, ...(holdFor && { holdFor }) })
  const channels = { lamp: lamp.channel, horn: horn.channel }
  const reach = world.open(createReach({ ...world.base, messages: [first, both], channels, gates }))
  const counts = () => [lamp.requests.length, horn.requests.length]
  /** Answers once the first driver was called. */
  const send = async (key: 'first' | 'both' = 'first') => {
    const accepted = await reach.notify(key, { lamp: 'l1', horn: 'h1' })
    for (let tries = 0; tries < 2_000 && lamp.requests.length === 0; tries += 1) await world.clock.advance(10)
    return accepted
  }
  return { ...world, reach, send, counts }
}

/** Keeps in mind what is taken and not yet given back or confirmed. */
function counting(): ConsumingGate & { readonly told: string[] } {
  const told: string[] = []
  const tell = (kind: string, ids: readonly string[] = []): void => {
    for (const id of ids) told.push(`${kind} ${id.slice(id.indexOf('/') + 1)}`)
  }
  return {
    specVersion: 1,
    name: 'counting',
    phase: 'delivery',
    told,
    check: (items) => items.map(() => pass),
    take: (items) => {
      tell(
        'take',
        items.map(({ id }) => id),
      )
      return items.map(() => pass)
    },
    confirm: (_reservation, ids) => tell('confirm', ids),
    release: (_reservation, ids) => tell('release', ids),
  }
}

describe('A receipt that comes while its driver hangs', () => {
  for (const [kind, state, tries] of [
    ['delivered', { state: 'done', outcome: 'sent' }, [1, 0]],
    ['sent', { state: 'done', outcome: 'sent' }, [1, 0]],
    ['bounced', { state: 'done', outcome: 'sent' }, [1, 1]],
  ] as const) {
    for (const deduplicates of [false, true]) {
      const how = deduplicates ? 'a provider that drops copies' : 'any provider'
      it(`of ${kind}, for ${how}, counts when the deadline has passed; nothing is held or sent again for it.`, async () => {
        const { reach, send, clock, counts, until } = setUp({ lamp: [hang], capabilities: { deduplicates, ...slow } })
        const { id } = await send()
        await clock.advance(500)
        const recorded = reach.receipts.record([{ messageId: id, channel: 'lamp', kind }])
        expect(await until(recorded)).toEqual({ recorded: 1, unmatched: 0 })
        await clock.advance('40s')
        expect(await reach.get(id)).toMatchObject(state)
        await clock.advance('1m')
        expect(counts()).toEqual(tries)
        expect((await reach.timeline(id)).some(({ kind: told }) => told === 'held')).toBe(false)
      })
    }
  }

  it('does not keep whoever brought it waiting for as long as the driver hangs.', async () => {
    const { reach, send, clock, until } = setUp({ lamp: [hang], capabilities: { timeoutMs: 60_000 } })
    const { id } = await send()
    await until(reach.receipts.record([{ messageId: id, kind: 'delivered' }]), 2_000)
    await clock.advance('2m')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
  })

  it('is for one channel only, where it names none.', async () => {
    const { reach, send, clock } = setUp({ lamp: [hang], horn: [hang] })
    const { id } = await send('both')
    await clock.advance(500)
    void reach.receipts.record([{ messageId: id, kind: 'delivered' }])
    await clock.advance('1m')
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
  })

  it('is what gates are told by.', async () => {
    for (const [kind, told] of [
      ['delivered', ['take lamp', 'confirm lamp']],
      ['bounced', ['take lamp', 'release lamp', 'take horn', 'confirm horn']],
    ] as const) {
      const budget = counting()
      const { reach, send, clock } = setUp({ lamp: [hang], capabilities: slow, gates: [budget] })
      const { id } = await send()
      await clock.advance(500)
      void reach.receipts.record([{ messageId: id, channel: 'lamp', kind }])
      await clock.advance('1m')
      expect(budget.told).toEqual(told)
    }
  })

  it('leaves what is still held for as long as it was to be.', async () => {
    const { reach, send, clock, until } = setUp({ lamp: [unknown()], horn: [unknown()], holdFor: '10m' })
    const { id, settled } = await send('both')
    await until(settled())
    await clock.advance('5m')
    await until(reach.receipts.record([{ messageId: id, channel: 'lamp', kind: 'delivered' }]))
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
    await clock.advance('6m')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'unresolved' })
  })

  it('and one that another process takes at the same moment both count.', async () => {
    const world = createWorld()
    const parts = await memoryStore().open(world.base)
    const content = { lamp: { text: 'x' }, horn: { text: 'x' } }
    const alarm = message('alarm', { content, route: all('lamp', 'horn') })
    const engine = (worker: boolean) => {
      const channels = { lamp: signal('lamp', [unknown()]).channel, horn: signal('horn', [unknown()]).channel }
      return world.open(createReach({ ...world.base, store: sharedStore(parts), worker, messages: [alarm], channels }))
    }
    const [one, two] = [engine(true), engine(false)]
    await two.start()
    const { id, settled } = await one.notify('alarm', { lamp: 'l1', horn: 'h1' })
    await world.until(settled())
    const records = [
      one.receipts.record([{ messageId: id, channel: 'lamp', kind: 'sent' }]),
      two.receipts.record([{ messageId: id, channel: 'horn', kind: 'sent' }]),
    ]
    await world.until(Promise.all(records))
    expect(await one.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
  })

  for (const kind of ['delivered', 'bounced'] satisfies ReceiptKind[]) {
    it(`and that another process takes counts once it is held (${kind}).`, async () => {
      const world = createWorld()
      const parts = await memoryStore().open(world.base)
      const alarm = message('alarm', { content: { lamp: { text: 'x' } } })
      const engine = (worker: boolean) => {
        const lamp = signal('lamp', [hang], { capabilities: slow })
        const options = { ...world.base, store: sharedStore(parts), worker }
        return world.open(createReach({ ...options, messages: [alarm], channels: { lamp: lamp.channel } }))
      }
      const [worker, web] = [engine(true), engine(false)]
      const { id } = await worker.notify('alarm', { lamp: 'l1' })
      await world.clock.advance('10s')
      await world.until(web.receipts.record([{ messageId: id, channel: 'lamp', kind }]))
      await world.clock.advance('40s')
      expect(await web.get(id)).toMatchObject({ state: 'done', outcome: kind === 'bounced' ? 'rejected' : 'sent' })
    })
  }
})

describe('An answer after the deadline', () => {
  it('that it was rejected goes on to the next channel, and gives back what gates took.', async () => {
    const budget = counting()
    const { reach, send, clock, counts } = setUp({ lamp: [after(5_000, rejected('full'))], gates: [budget] })
    const { id } = await send()
    await clock.advance('4s')
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
    await clock.advance('20s')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
    expect(counts()).toEqual([1, 1])
    expect(budget.told).toEqual(['take lamp', 'release lamp', 'take horn', 'confirm horn'])
    expect(await reach.timeline(id)).toContainEqual(
      expect.objectContaining({ kind: 'rejected', channel: 'lamp', detail: 'full' }),
    )
  })

  it('that every channel rejected it ends it as rejected.', async () => {
    const { reach, send, clock } = setUp({ lamp: [rejected('a')], horn: [after(5_000, rejected('full'))] })
    const { id } = await send()
    await clock.advance('20s')
    expect(await reach.get(id)).toMatchObject({
      state: 'done',
      outcome: 'rejected',
      reason: { code: 'provider-rejected', detail: 'full' },
    })
  })

  it('that it was rejected by one provider goes to the other one of its channel.', async () => {
    const world = createWorld()
    const one = signal('lamp', [after(5_000, rejected('full'))], { provider: 'one', capabilities: quick })
    const two = signal('lamp', [], { provider: 'two' })
    const alarm = message('alarm', { content: { lamp: { text: 'x' } } })
    const channels = { lamp: failover(one.channel, two.channel) }
    const reach = world.open(createReach({ ...world.base, messages: [alarm], channels }))
    const { id } = await reach.notify('alarm', { lamp: 'l1' })
    await world.clock.advance('20s')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
    expect([one.requests.length, two.requests.length]).toEqual([1, 1])
  })

  it('that it is to be tried again waits with backoff, then is sent.', async () => {
    const { reach, send, clock, counts } = setUp({ lamp: [after(5_000, retry(10_000, 'busy'))] })
    const { id } = await send()
    await clock.advance('6s')
    expect(await reach.get(id)).toMatchObject({ state: 'waiting', reason: { code: 'retry-later', detail: 'busy' } })
    expect(counts()).toEqual([1, 0])
    await clock.advance('40s')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
    expect(counts()).toEqual([2, 0])
  })

  it('that it was not sent tells nothing of an attempt before, which may have been.', async () => {
    const { reach, send, clock, counts } = setUp({
      lamp: [unknown(), after(5_000, rejected('copy'))],
      capabilities: { deduplicates: true },
    })
    const { id } = await send()
    await clock.advance('1m')
    expect(counts()).toEqual([2, 0])
    expect(await reach.get(id)).toMatchObject({ state: 'held', reason: { detail: 'copy' } })
  })

  it('that it was not sent tells nothing of an attempt after it, which may have been.', async () => {
    const { reach, send, clock, counts } = setUp({
      lamp: [after(30_000, rejected('full')), hang, hang, hang],
      capabilities: { deduplicates: true },
    })
    const { id } = await send()
    await clock.advance('3m')
    expect(counts()).toEqual([4, 0])
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
  })

  it('that comes while another channel is sent for long counts as soon as that has ended.', async () => {
    const lamp = held(rejected('full'))
    const horn = held(rejected('full'))
    const { reach, send, clock, counts } = setUp({
      lamp: [lamp.answer],
      horn: [retry(1_000), horn.answer],
      hornTimeoutMs: 60_000,
    })
    const { id } = await send('both')
    for (let tries = 0; tries < 600 && counts()[1] !== 2; tries += 1) await clock.advance(100)
    lamp.release()
    await clock.advance(33_333)
    expect(await reach.get(id)).toMatchObject({ state: 'sending' })
    horn.release()
    await clock.advance(1)
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'rejected' })
  })

  it('that it was rejected ends the retries of what would be sent again, and the next channel has its turn.', async () => {
    const { reach, send, clock, counts } = setUp({
      lamp: [after(1_300, rejected('full')), hang],
      capabilities: { deduplicates: true },
    })
    const { id } = await send()
    await clock.advance('1m')
    expect(counts()).toEqual([1, 1])
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
  })

  it('that it was not sent is not believed of a driver that had answered already.', async () => {
    const world = createWorld()
    // What breaks the rules of promises is handed through: an `async` function would hide its second answer.
    const answersTwice = {
      // oxlint-disable-next-line unicorn/no-thenable -- a promise that answers twice is what is tested
      then(answer: (outcome: DeliveryOutcome) => void) {
        answer(unknown())
        world.clock.setTimer(1_000, () => answer(rejected('b')))
      },
    }
    const lamp = channel({
      name: 'lamp',
      address: z.string(),
      content: z.object({ text: z.string() }),
      deliver: untyped<() => Promise<DeliveryOutcome>>(() => answersTwice),
    })
    const alarm = message('alarm', { content: { lamp: { text: 'x' } } })
    const reach = world.open(createReach({ ...world.base, messages: [alarm], channels: { lamp } }))
    const { id } = await reach.notify('alarm', { lamp: 'l1' })
    await world.clock.advance('30s')
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
  })

  it('that it was sent ends the retries of what would be sent again.', async () => {
    const { reach, send, clock, counts } = setUp({
      lamp: [after(1_300, sent()), hang],
      capabilities: { deduplicates: true },
    })
    const { id } = await send()
    await clock.advance(1_400)
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
    await clock.advance('1m')
    expect(counts()).toEqual([1, 0])
  })

  for (const outcome of [sent('late'), rejected('full')] as const) {
    for (const state of ['waiting', 'sending'] as const) {
      it(`of ${outcome.kind} counts though another channel moved the message on, which is ${state} now.`, async () => {
        const lamp = held(outcome)
        const horn = state === 'waiting' ? [retry(30_000), sent()] : [retry(1_000), after(900, sent())]
        const { reach, send, clock, counts, until } = setUp({ lamp: [lamp.answer], horn })
        const { id, settled } = await send('both')
        if (state === 'waiting') await clock.advance('5s')
        else for (let tries = 0; tries < 600 && counts()[1] === 1; tries += 1) await clock.advance(100)
        expect((await reach.get(id))?.state).toBe(state)
        lamp.release()
        await clock.advance('1m')
        expect(await until(settled())).toMatchObject({
          state: 'done',
          outcome: outcome.kind === 'sent' ? 'sent' : 'partly-sent',
        })
        expect(counts()).toEqual([1, 2])
      })
    }
  }

  it('before a deliberate resend tells nothing of the resend.', async () => {
    const { reach, send, clock } = setUp({ lamp: [after(10_000, sent()), hang] })
    const { id } = await send()
    await clock.advance('5s')
    await reach.resend(id)
    await clock.advance('30s')
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
  })
})

/** Answers when it is told to. */
function held(outcome: DeliveryOutcome): { answer: Answer; release: () => void } {
  let answerNow = (): void => {}
  const answer: Answer = () =>
    new Promise((resolve) => {
      answerNow = () => resolve(outcome)
    })
  return { answer, release: () => answerNow() }
}
