// A budget in money: what a message will cost at most is held before it is sent, and what it did cost is spent.
import { createReach, memoryStore, message, retry, sent, unknown } from '@reachkit/core'
import type { Cost, DeliveryOutcome, ReachEvent } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mayLeaveOpen } from '../../../test/support/assert-closed.js'
import { euros, moneyGate, moneyKey } from './support/money-gate.js'
import { mortal } from './support/mortal.js'
import { sharedStore } from './support/shared-store.js'
import { signal, untyped } from './support/signals.js'
import type { Answer, SignalOptions } from './support/signals.js'
import { crashingStore } from './support/testing.js'
import { createWorld } from './support/world.js'

// Engines that die here close nothing: what kept their process alive is left.
mayLeaveOpen('Timeout')

/** Each letter costs 10. */
const byLetter: NonNullable<SignalOptions['estimate']> = ({ content }) => euros(content.text.length * 10)

interface SetUp extends Pick<SignalOptions, 'estimate'> {
  readonly credit?: number
  readonly lamp?: readonly (DeliveryOutcome | Answer)[] | Answer
  readonly onUnknown?: 'resend'
}

/** A lamp that costs 10 at least, and a budget for it. */
async function setUp({ credit = 1_000, lamp, estimate = byLetter, onUnknown }: SetUp = {}) {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  await parts.state.credit(moneyKey, credit)
  const events: ReachEvent[] = []
  const blink = message('blink', {
    data: z.object({ text: z.string() }),
    content: { lamp: { text: '{{ text }}' } },
    ...(onUnknown && { onUnknown }),
  })
  const engine = (store = sharedStore(parts)) => {
    const channel = signal('lamp', lamp, { capabilities: { cost: euros(10), timeoutMs: 1_000 }, estimate })
    return createReach({
      ...world.base,
      store,
      messages: [blink],
      channels: { lamp: channel.channel },
      gates: [moneyGate(parts.state)],
      onEvent: (event) => events.push(event),
    })
  }
  const reach = world.open(engine())
  const send = (text: string) => reach.notify('blink', { lamp: 'l' }, { text })
  const level = async () => (await parts.state.budgets([moneyKey]))[0]
  const costs = async (id: string) =>
    (await reach.timeline(id)).filter(({ kind }) => kind === 'sent').map(({ cost }) => cost)
  const warnings = () => events.filter((one) => one.kind === 'driver').map(({ event }) => event.reason)
  return { ...world, parts, reach, engine, send, level, costs, warnings }
}

describe('A budget in money', () => {
  it('holds what the content costs at most, and spends what it did cost.', async () => {
    let held: unknown
    const { send, level, until, costs, parts, lines } = await setUp({
      lamp: async () => {
        held = (await parts.state.budgets([moneyKey]))[0]
        return sent('1', euros(30))
      },
    })
    const { id, settled } = await send('abcde')
    expect(await until(settled())).toMatchObject({ outcome: 'sent' })
    expect(held).toEqual({ left: 950, reserved: 50, spent: 0 })
    expect(await level()).toEqual({ left: 970, reserved: 0, spent: 30 })
    expect(await costs(id)).toEqual([euros(30)])
    expect(lines.filter(({ level: of }) => of === 'warn')).toEqual([])
  })

  it('spends what it held where nobody says what it did cost.', async () => {
    const { send, level, until, costs } = await setUp({ lamp: [sent('1')] })
    const { id, settled } = await send('abcde')
    await until(settled())
    expect(await level()).toEqual({ left: 950, reserved: 0, spent: 50 })
    expect(await costs(id)).toEqual([euros(50)])
  })

  it('holds the price of one message where no driver estimates.', async () => {
    const { send, level, until, costs } = await setUp({ estimate: () => undefined })
    const { id, settled } = await send('abcde')
    await until(settled())
    expect(await level()).toEqual({ left: 990, reserved: 0, spent: 10 })
    expect(await costs(id)).toEqual([euros(10)])
  })

  it('is never exceeded by what was to be expected.', async () => {
    const { send, level, until } = await setUp({ credit: 49 })
    const { settled } = await send('abcde')
    expect(await until(settled())).toMatchObject({ outcome: 'rejected', reason: { code: 'budget-exhausted' } })
    expect(await level()).toEqual({ left: 49, reserved: 0, spent: 0 })
  })

  it('spends more than it held, tells of it, and refuses what follows.', async () => {
    const { send, level, until, costs, warnings, lines } = await setUp({ credit: 60, lamp: [sent('1', euros(90))] })
    const { id, settled } = await send('abcde')
    await until(settled())
    expect(await level()).toEqual({ left: -30, reserved: 0, spent: 90 })
    expect(await costs(id)).toEqual([euros(90)])
    expect(warnings()).toEqual([expect.stringContaining('more than was expected')])
    const logged = lines.filter(({ level: of }) => of === 'warn')
    expect(logged).toEqual([expect.objectContaining({ message: expect.stringContaining('more than was expected') })])
    expect(JSON.stringify(logged)).not.toContain('abcde')
    const next = await send('a')
    expect(await until(next.settled())).toMatchObject({ outcome: 'rejected' })
  })

  it.each<readonly [string, unknown]>([
    ['in another currency', { currency: 'USD', micros: 1 }],
    ['below nothing', euros(-5)],
    ['of half a millionth', euros(0.5)],
    ['that is none', 'ten'],
  ])('spends what it held where it is told a cost %s, and tells of it.', async (_, cost) => {
    const { send, level, until, costs, warnings } = await setUp({ lamp: [{ kind: 'sent', cost: untyped<Cost>(cost) }] })
    const { id, settled } = await send('abcde')
    await until(settled())
    expect(await level()).toEqual({ left: 950, reserved: 0, spent: 50 })
    expect(await costs(id)).toEqual([euros(50)])
    expect(warnings()).toEqual([expect.stringContaining('what was expected counts')])
  })

  it.each<readonly [string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('secret text')
      },
    ],
    ['is none', () => ({ currency: 'EUR', micros: Number.NaN })],
    ['is a promise', async () => euros(10)],
  ])('holds the price of one message where the estimate %s, and logs it.', async (_, estimate) => {
    const { send, level, until, lines } = await setUp({ estimate: untyped<SetUp['estimate']>(estimate) })
    await until((await send('abcde')).settled())
    expect(await level()).toEqual({ left: 990, reserved: 0, spent: 10 })
    const errors = lines.filter(({ level: of }) => of === 'error')
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('estimate') })])
    expect(JSON.stringify(errors)).not.toContain('secret text')
  })

  it('gives all of it back where nothing was sent, and holds it anew for the next attempt.', async () => {
    const { send, level, until, clock } = await setUp({ lamp: [retry(60_000), sent('1', euros(40))] })
    const { settled } = await send('abcde')
    await clock.advance('10s')
    expect(await level()).toEqual({ left: 1_000, reserved: 0, spent: 0 })
    await until(settled(), 120_000)
    expect(await level()).toEqual({ left: 960, reserved: 0, spent: 40 })
  })

  it('spends what was held for an attempt that may have gone out, where that is sent again.', async () => {
    const { send, level, until } = await setUp({ lamp: [unknown(), sent('1', euros(40))], onUnknown: 'resend' })
    await until((await send('abcde')).settled())
    expect(await level()).toEqual({ left: 910, reserved: 0, spent: 90 })
  })

  it('keeps what it holds for a held message, until a receipt says that it was sent.', async () => {
    const { send, level, reach, until } = await setUp({ lamp: [unknown()] })
    const { id, settled } = await send('abcde')
    expect(await until(settled())).toMatchObject({ state: 'held' })
    expect(await level()).toEqual({ left: 950, reserved: 50, spent: 0 })
    await until(reach.receipts.record([{ messageId: id, channel: 'lamp', kind: 'delivered' }]))
    expect(await level()).toEqual({ left: 950, reserved: 0, spent: 50 })
  })

  it('spends what a late answer says.', async () => {
    let answer: ((outcome: DeliveryOutcome) => void) | undefined
    const { send, level, clock, until, costs, warnings } = await setUp({
      lamp: () => new Promise((resolve) => (answer = resolve)),
    })
    const { id, settled } = await send('abcde')
    expect(await until(settled())).toMatchObject({ state: 'held' })
    answer?.(sent('1', euros(70)))
    await clock.advance('1s')
    expect(await level()).toEqual({ left: 930, reserved: 0, spent: 70 })
    expect(await costs(id)).toEqual([euros(70)])
    expect(warnings()).toEqual([expect.stringContaining('more than was expected')])
  })

  it('spends nothing for what the sandbox sends.', async () => {
    const { reach, level, until, costs } = await setUp()
    const { id, settled } = await reach.notify('blink', { lamp: 'l' }, { text: 'abcde' }, { sandbox: true })
    expect(await until(settled())).toMatchObject({ outcome: 'sent' })
    expect(await level()).toEqual({ left: 1_000, reserved: 0, spent: 0 })
    expect(await costs(id)).toEqual([undefined])
  })

  it('is told of the estimate by explain, which holds nothing.', async () => {
    const { reach, level } = await setUp({ credit: 40 })
    const short = await reach.explain('blink', { lamp: 'l' }, { text: 'abcd' })
    expect(short.verdict).toBe('send')
    expect(short.decisions).toContainEqual(expect.objectContaining({ name: 'content', cost: euros(40) }))
    const long = await reach.explain('blink', { lamp: 'l' }, { text: 'abcde' })
    expect(long).toMatchObject({ verdict: 'reject', reason: { code: 'budget-exhausted' } })
    expect(await level()).toEqual({ left: 40, reserved: 0, spent: 0 })
  })

  it('spends what was held where the worker died before it told what it cost.', async () => {
    const { engine, parts, level, clock, open } = await setUp({ lamp: () => sent('1', euros(30)) })
    const { store, die } = mortal(parts)
    const dying = engine(crashingStore(store, { at: 'after-settle', crash: die }))
    await dying.notify('blink', { lamp: 'l' }, { text: 'abcde' })
    await clock.advance('1s')
    expect(await level()).toEqual({ left: 950, reserved: 50, spent: 0 })
    await open(engine()).start()
    await clock.advance('30s')
    expect(await level()).toEqual({ left: 950, reserved: 0, spent: 50 })
  })

  it('is met to the last by many messages of two processes, and history has every cost.', async () => {
    const { engine, open, parts, reach, level, clock } = await setUp({
      credit: 1_000,
      lamp: ({ content }) => sent('1', euros(content.text.length * 7)),
    })
    const other = open(engine())
    await Promise.all([reach.start(), other.start()])
    const ids: string[] = []
    for (let index = 0; index < 100; index += 1) {
      const from = index % 2 === 0 ? reach : other
      ids.push((await from.notify('blink', { lamp: `l${index}` }, { text: 'x'.repeat(1 + (index % 5)) })).id)
    }
    await clock.advance('10s')
    const { left, reserved, spent } = (await level()) ?? { left: 0, reserved: 0, spent: 0 }
    expect([left + spent, reserved]).toEqual([1_000, 0])
    // The shortest is estimated at 10: it was refused only where no more was left.
    expect(left).toBeGreaterThanOrEqual(0)
    expect(left).toBeLessThan(50)
    const told = (await parts.history.timeline(ids)).flatMap(({ cost }) => cost?.micros ?? [])
    expect(told.reduce((sum, micros) => sum + micros, 0)).toBe(spent)
  })
})
