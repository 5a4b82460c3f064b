import {
  NotSentError,
  createReach,
  failover,
  invalidAddress,
  message,
  rejected,
  retry,
  sent,
  unknown,
  weighted,
} from '@reachkit/core'
import type { DeliveryOutcome } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { signal } from './support/signals.js'
import type { Answer, Request, Signal, SignalOptions } from './support/signals.js'
import { createWorld } from './support/world.js'

type Answers = readonly (DeliveryOutcome | Answer)[] | Answer
type TypeOptions = Partial<Parameters<typeof message<'alarm', 'lamp', { lamp: { text: string } }>>[1]>

/** One message by the given channel, or by one provider with these answers. */
function setUp(answers: Answers | Signal<'lamp'>, type: TypeOptions = {}, options: SignalOptions = {}, seed = 1) {
  const world = createWorld(seed)
  const started = world.clock.now()
  const times: number[] = []
  const own = Array.isArray(answers) || typeof answers === 'function'
  const lamp = own ? signal('lamp', answers as Answers, options) : undefined
  const alarm = message('alarm', {
    content: { lamp: { text: 'x' } },
    retry: { attempts: 4, base: '1s', cap: '3s' },
    ...type,
  })
  const reach = world.open(
    createReach({ ...world.base, messages: [alarm], channels: { lamp: lamp?.channel ?? (answers as Signal<'lamp'>) } }),
  )
  const send = async () => reach.notify('alarm', { lamp: 'l1' })
  return { ...world, reach, send, requests: lamp?.requests ?? [], times, elapsed: () => world.clock.now() - started }
}

const attempts = (requests: readonly Request[]) => requests.map(({ attempt }) => attempt)

describe('A retry', () => {
  it('comes again with the next attempt number and the same idempotency key, until it is sent.', async () => {
    const { reach, send, until, requests } = setUp([retry(), retry(undefined, 'busy'), sent('p1')])
    const { id, settled } = await send()
    expect(await until(settled())).toMatchObject({ outcome: 'sent' })
    expect(attempts(requests)).toEqual([1, 2, 3])
    expect(new Set(requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
    expect(requests[0]?.idempotencyKey).toMatch(/^[A-Za-z0-9._-]{1,64}$/)
    expect(await reach.get(id)).toMatchObject({ step: 2 })
    expect((await reach.timeline(id)).map(({ kind, attempt }) => [kind, attempt])).toEqual([
      ['accepted', undefined],
      ['retry', 1],
      ['retry', 2],
      ['sent', 3],
      ['done', undefined],
    ])
  })

  it('waits a random time below base, doubled each time, never above the cap.', async () => {
    const waits: number[][] = [[], [], []]
    for (let seed = 1; seed <= 40; seed += 1) {
      const at: number[] = []
      const world = setUp(
        (_request, { clock }) => {
          at.push(clock.now())
          return retry()
        },
        {},
        {},
        seed,
      )
      await world.until((await world.send()).settled())
      for (const [index, wait] of waits.entries()) wait.push((at[index + 1] ?? 0) - (at[index] ?? 0))
    }
    // Entries that are due within a tenth of a second travel together, so a wait may be that much longer.
    const caps = [1_100, 2_100, 3_100]
    for (const [index, wait] of waits.entries()) {
      expect(Math.max(...wait)).toBeLessThanOrEqual(caps[index] ?? 0)
      expect(Math.max(...wait)).toBeGreaterThan((caps[index] ?? 0) * 0.7)
      expect(Math.min(...wait)).toBeLessThan((caps[index] ?? 0) * 0.3)
    }
  })

  it('never comes before the time that the vendor asked for.', async () => {
    const { send, clock, requests, until } = setUp([retry(30_000), sent()])
    const { settled } = await send()
    await clock.advance(29_999)
    expect(requests.length).toBe(1)
    await until(settled())
    expect(requests.length).toBe(2)
  })

  it('A NotSentError counts as a retry, with its time.', async () => {
    const refuse: Answer = () => {
      throw new NotSentError('refused', { afterMs: 30_000 })
    }
    const { send, clock, requests, until } = setUp([refuse, sent()])
    const { settled } = await send()
    await clock.advance(29_999)
    expect(requests.length).toBe(1)
    expect(await until(settled())).toMatchObject({ outcome: 'sent' })
  })

  it('ends as rejected when all attempts are used up.', async () => {
    const { send, until, requests } = setUp(() => retry(undefined, 'smtp 421'))
    expect(await until((await send()).settled())).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'retries-exhausted', detail: 'smtp 421' },
    })
    expect(attempts(requests)).toEqual([1, 2, 3, 4])
  })
})

describe('A refusal', () => {
  it('is for good.', async () => {
    const { send, until, requests } = setUp([rejected('smtp 554')])
    expect(await until((await send()).settled())).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'provider-rejected', detail: 'smtp 554' },
    })
    expect(requests.length).toBe(1)
  })
})

describe('Several providers', () => {
  const provider = (name: string, answers: Answers, capabilities: SignalOptions['capabilities'] = {}) =>
    signal('lamp', answers, { provider: name, capabilities })

  it('failover() tries the standby at once where the first certainly did not send.', async () => {
    for (const outcome of [retry(60_000), rejected('account blocked')]) {
      const [first, second] = [provider('first', [outcome]), provider('second', [])]
      const { send, until, elapsed } = setUp(failover(first.channel, second.channel))
      expect(await until((await send()).settled())).toMatchObject({ outcome: 'sent' })
      expect([first.requests.length, second.requests.length]).toEqual([1, 1])
      expect(elapsed()).toBeLessThan(200)
    }
  })

  it('failover() leaves the standby alone while the first works.', async () => {
    const [first, second] = [provider('first', []), provider('second', [])]
    const { send, clock } = setUp(failover(first.channel, second.channel))
    for (let index = 0; index < 20; index += 1) await send()
    await clock.advance('1s')
    expect([first.requests.length, second.requests.length]).toEqual([20, 0])
  })

  it('weighted() fails over to the others, and begins another round after a wait.', async () => {
    const [a, b] = [provider('a', [retry()]), provider('b', [retry()])]
    const { send, until, reach } = setUp(weighted([a.channel, 1], [b.channel, 1]))
    const { id, settled } = await send()
    expect(await until(settled())).toMatchObject({ outcome: 'sent' })
    expect(a.requests.length + b.requests.length).toBe(3)
    const tried = (await reach.timeline(id)).flatMap(({ provider: name }) => name ?? [])
    expect(new Set(tried.slice(0, 2))).toEqual(new Set(['a', 'b']))
  })

  it('An invalid address is not tried at the others.', async () => {
    const [a, b] = [provider('a', () => invalidAddress('5.1.1')), provider('b', () => invalidAddress('5.1.1'))]
    const { send, until } = setUp(weighted([a.channel, 1], [b.channel, 1]))
    expect(await until((await send()).settled())).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'address-invalid' },
    })
    expect(a.requests.length + b.requests.length).toBe(1)
  })

  it('A refusal by all of them is a refusal, and each was asked once.', async () => {
    const [a, b] = [provider('a', () => rejected('a')), provider('b', () => rejected('b'))]
    const { send, until } = setUp(weighted([a.channel, 1], [b.channel, 1]))
    expect(await until((await send()).settled())).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'provider-rejected' },
    })
    expect([a.requests.length, b.requests.length]).toEqual([1, 1])
  })

  it('After unknown no other provider is tried.', async () => {
    const [a, b] = [provider('a', () => unknown()), provider('b', () => unknown())]
    const { send, until } = setUp(weighted([a.channel, 1], [b.channel, 1]))
    expect(await until((await send()).settled())).toMatchObject({ state: 'held' })
    expect(a.requests.length + b.requests.length).toBe(1)
  })

  it('After unknown a provider that deduplicates is asked again, the same one, under the same key.', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const [a, b] = [
        provider('a', [unknown()], { deduplicates: true }),
        provider('b', [unknown()], { deduplicates: true }),
      ]
      const { send, until } = setUp(weighted([a.channel, 1], [b.channel, 1]), {}, {}, seed)
      expect(await until((await send()).settled())).toMatchObject({ outcome: 'sent' })
      expect([a.requests.length, b.requests.length].toSorted((one, other) => one - other)).toEqual([0, 2])
      expect(new Set([...a.requests, ...b.requests].map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
    }
  })

  it('Weights are changed while running.', async () => {
    const [a, b] = [provider('a', []), provider('b', [])]
    const { send, reach, clock } = setUp(weighted([a.channel, 1], [b.channel, 0]))
    await send()
    await clock.advance(100)
    await reach.weights.set('lamp', { a: 0, b: 1 })
    for (let index = 0; index < 10; index += 1) await send()
    await clock.advance(100)
    expect([a.requests.length, b.requests.length]).toEqual([1, 10])
    expect(await reach.weights.get('lamp')).toEqual({ a: 0, b: 1 })
  })
})

describe('Nobody knows', () => {
  it('A message that may have gone out is held, loudly, and ends as unresolved after holdFor.', async () => {
    const { send, until, reach, clock, lines, requests } = setUp(() => unknown('connection reset'), { holdFor: '1h' })
    const { id, settled } = await send()
    expect(await until(settled())).toMatchObject({ state: 'held', outcome: undefined })
    expect((await reach.held()).rows.map((row) => row.id)).toEqual([id])
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ message: id }) }),
    )
    await clock.advance('59m')
    expect(await reach.get(id)).toMatchObject({ state: 'held' })
    await clock.advance('2m')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'unresolved' })
    expect((await reach.held()).rows).toEqual([])
    expect(requests.length).toBe(1)
  })

  it("onUnknown: 'resend' sends again, and holds it when the attempts are used up.", async () => {
    const { send, until, requests } = setUp(() => unknown(), { onUnknown: 'resend' })
    expect(await until((await send()).settled())).toMatchObject({ state: 'held' })
    expect(attempts(requests)).toEqual([1, 2, 3, 4])
  })

  it('What may have gone out is held, not called expired, where its ttl ends the retries.', async () => {
    const { send, until } = setUp(() => unknown(), {
      onUnknown: 'resend',
      ttl: '2s',
      retry: { attempts: 9, base: '10s' },
    })
    expect(await until((await send()).settled())).toMatchObject({ state: 'held' })
  })

  it('A receipt resolves it; one of a bounce ends it as rejected.', async () => {
    for (const [kind, outcome] of [
      ['delivered', 'sent'],
      ['sent', 'sent'],
      ['bounced', 'rejected'],
    ] as const) {
      const { send, until, reach } = setUp(() => unknown())
      const { id, settled } = await send()
      await until(settled())
      expect(await reach.receipts.record([{ messageId: id, channel: 'lamp', kind }])).toEqual({
        recorded: 1,
        unmatched: 0,
      })
      expect(await reach.get(id)).toMatchObject({ state: 'done', outcome })
    }
  })

  it('Late evidence resolves it while it is held, and changes nothing after that.', async () => {
    const late =
      (ms: number): Answer =>
      (_request, { clock }) =>
        new Promise((resolve) => clock.setTimer(ms, () => resolve(sent())))
    const options = { capabilities: { timeoutMs: 1_000 } }
    const before = setUp([late(5_000)], { holdFor: '10s' }, options)
    const one = await before.send()
    await before.clock.advance('4s')
    expect(await before.reach.get(one.id)).toMatchObject({ state: 'held' })
    await before.clock.advance('2s')
    expect(await before.reach.get(one.id)).toMatchObject({ state: 'done', outcome: 'sent' })
    const after = setUp([late(15_000)], { holdFor: '10s' }, options)
    const other = await after.send()
    await after.clock.advance('20s')
    expect(await after.reach.get(other.id)).toMatchObject({ state: 'done', outcome: 'unresolved' })
  })
})

describe('A ttl', () => {
  it('counts from when the message was due.', async () => {
    const { reach, clock, requests } = setUp([], { ttl: '10s' })
    const waits = await reach.notify('alarm', { lamp: 'l1' }, undefined, { after: '1h' })
    await clock.advance('61m')
    expect(await reach.get(waits.id)).toMatchObject({ outcome: 'sent' })
    expect(requests.length).toBe(1)
  })

  it('ends the retries.', async () => {
    const { reach, requests, until, elapsed } = setUp(() => retry(4_000), {
      ttl: '10s',
      retry: { attempts: 99, base: '1ms', cap: '1ms' },
    })
    const { settled } = await reach.notify('alarm', { lamp: 'l1' }, undefined, { after: '1h' })
    expect(await until(settled(), 2 * 3_600_000, 1_000)).toMatchObject({
      outcome: 'expired',
      reason: { code: 'expired' },
    })
    expect(requests.length).toBe(3)
    expect(elapsed()).toBeLessThanOrEqual(3_600_000 + 11_000)
  })

  it("caps the driver's deadline.", async () => {
    const deadlines: number[] = []
    const { send, clock, until } = setUp(
      (_request, { deadline, signal: aborted }) => {
        deadlines.push(deadline)
        return new Promise((resolve) => {
          aborted.addEventListener('abort', () => resolve(retry()))
        })
      },
      { ttl: '5s' },
      { capabilities: { timeoutMs: 60_000 } },
    )
    const started = clock.now()
    expect(await until((await send()).settled())).toMatchObject({ outcome: 'expired' })
    expect(deadlines).toEqual([started + 5_000])
  })

  it('A message that expires while it waits for a place at the driver ends as expired, and is not lost.', async () => {
    const { reach, clock, requests } = setUp(
      (_request, { clock: time }) => new Promise((resolve) => time.setTimer(10_000, () => resolve(sent()))),
      { ttl: '15s' },
      { capabilities: { concurrency: 1 } },
    )
    const sentOnes = await Promise.all([1, 2, 3, 4].map(async (index) => reach.notify('alarm', { lamp: `l${index}` })))
    await clock.advance('60s')
    const outcomes = await Promise.all(sentOnes.map(async ({ id }) => (await reach.get(id))?.outcome))
    expect(outcomes.map(String).toSorted()).toEqual(['expired', 'expired', 'sent', 'sent'])
    expect(requests.length).toBe(2)
  })

  it('A message that a gate puts off past its ttl ends as expired when it is over.', async () => {
    const world = createWorld()
    const lamp = signal('lamp')
    const alarm = message('alarm', { content: { lamp: { text: 'x' } }, ttl: '10s' })
    let asked = 0
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [alarm],
        channels: { lamp: lamp.channel },
        gates: [
          {
            specVersion: 1,
            name: 'tomorrow',
            phase: 'message',
            check(items, { now }) {
              asked += 1
              return items.map(() => ({ kind: 'defer', until: now + 86_400_000, reason: { code: 'quiet' } }))
            },
          },
        ],
      }),
    )
    const { id } = await reach.notify('alarm', { lamp: 'l1' })
    await world.clock.advance('9s')
    expect(await reach.get(id)).toMatchObject({ state: 'waiting', reason: { code: 'quiet' } })
    await world.clock.advance('2s')
    expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'expired' })
    expect([asked, lamp.requests.length]).toEqual([1, 0])
  })
})

describe('A ttl', () => {
  it('is told to the driver as an instant of its own clock, on every attempt; without one there is none.', async () => {
    const limited = setUp([retry(), sent()], { ttl: '2h' })
    const until = limited.clock.now() + 2 * 3_600_000
    const { settled } = await limited.send()
    await limited.until(settled())
    expect(limited.requests.map(({ expires }) => expires)).toEqual([until, until])
    const open = setUp([sent()])
    await open.until((await open.send()).settled())
    expect(open.requests[0]).not.toHaveProperty('expires')
  })
})
