import { channel, createReach, firstOf, message } from '@reachkit/core'
import { rejected, retry } from '@reachkit/core/spec'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testReach } from '../src/reach/index.js'
import type { TestReach } from '../src/reach/index.js'

const horn = channel({
  name: 'horn',
  address: z.string(),
  content: z.object({ text: z.string() }),
  estimate: ({ content }) => ({ currency: 'EUR', micros: content.text.length }),
  deliver: neverReally,
})
const flag = channel({
  name: 'flag',
  address: z.string(),
  content: z.object({ text: z.string() }),
  deliver: neverReally,
})
async function neverReally(): Promise<never> {
  throw new Error('a test must never send for real')
}
declare global {
  interface ReachChannels {
    horn: typeof horn
    flag: typeof flag
  }
}

// The app under test: it knows nothing of tests.
const orderPaid = message('order.paid', {
  data: z.object({ orderId: z.string() }),
  content: { horn: { text: 'Paid {{ orderId }}' }, flag: { text: 'Paid {{ orderId }}' } },
  route: firstOf('horn', 'flag'),
})
const reach = createReach({
  messages: [orderPaid],
  channels: { horn, flag },
  directory: async (ids) => ids.map((id) => ({ id, addresses: { horn: `horn-${id}`, flag: `flag-${id}` } })),
})
const placeOrder = (orderId: string) => reach.notify('order.paid', 'u1', { orderId })

let t: TestReach
afterEach(() => t.restore())

describe('testReach', () => {
  it('records what the app sends, and tells who got it and how', async () => {
    t = testReach(reach, { now: '2026-06-01T23:30+08:00' })
    await placeOrder('A1')
    await t.advance('0s')
    t.expectSent('order.paid').to('u1').via('horn').with({ text: 'Paid A1' }).once()
    t.expectSent('order.paid').to('horn-u1').with({ text: /^Paid/ }).times(1)
    expect(t.sent[0]?.at).toEqual(new Date('2026-06-01T15:30:00Z'))
  })

  it('costs what the app estimates', async () => {
    t = testReach(reach)
    const { id } = await placeOrder('A1')
    await t.advance('0s')
    const event = (await reach.timeline(id)).find(({ kind }) => kind === 'sent')
    expect(event?.cost).toEqual({ currency: 'EUR', micros: 'Paid A1'.length })
  })

  it('fails readably for what was not sent', async () => {
    t = testReach(reach)
    expect(() => t.expectSent('order.paid')).toThrow("expected 'order.paid' to have been sent.\nNothing was attempted.")
    await placeOrder('A1')
    await t.advance('0s')
    expect(() => t.expectSent('order.paid').to('u2')).toThrow(
      "expected 'order.paid' to 'u2' to have been sent.\nWhat was attempted:\n  'order.paid' to 'u1' via horn (horn): sent",
    )
    expect(() => t.expectSent('order.paid').times(2)).toThrow("expected 'order.paid' 2 times, and found it 1 times")
    expect(() => t.expectNothingSent()).toThrow('expected nothing to have been sent')
    t.expectNothingSent('order.lost')
  })

  it('follows a script of outcomes, and the clock moves retries on', async () => {
    t = testReach(reach)
    t.answer('horn', retry(60_000), rejected('http 410'))
    await placeOrder('A2')
    await t.advance('30s')
    t.expectNothingSent('order.paid')
    await t.advance('5m')
    t.expectSent('order.paid').to('u1').via('flag').once()
    expect(t.sent.map(({ outcome }) => outcome)).toEqual(['retry', 'rejected', 'sent'])
  })

  it('advances over hours at once', async () => {
    t = testReach(reach)
    await reach.notify('order.paid', 'u1', { orderId: 'A3' }, { after: '9h' })
    await t.advance('8h')
    t.expectNothingSent()
    await t.advance('1h')
    t.expectSent('order.paid').once()
    expect(t.sent).toHaveLength(1)
  })

  it('tests code that notifies in a transaction: sent after its commit, never after a rollback', async () => {
    t = testReach(reach)
    const placeIn = (tx: never, orderId: string) => reach.in(tx).notify('order.paid', 'u1', { orderId })
    const [kept, undone] = [t.transaction(), t.transaction()]
    const accepted = await placeIn(kept.tx, 'A5')
    await placeIn(undone.tx, 'A6')
    expect(accepted.state).toBe('pending')
    await t.advance('1m')
    t.expectNothingSent()
    kept.commit()
    undone.rollback()
    await t.advance('1m')
    t.expectSent('order.paid').to('u1').with({ text: 'Paid A5' }).once()
    expect(t.sent).toHaveLength(1)
    expect(() => placeIn(kept.tx, 'A7'), 'it is over').toThrow('REACH_TRANSACTION_UNSUPPORTED')
    expect(() => placeIn({} as never, 'A7'), 'a pool, perhaps').toThrow('REACH_TRANSACTION_UNSUPPORTED')
  })

  it('takes transactions of the outbox of the app, and writes nothing into them', async () => {
    const written: unknown[] = []
    const own = {
      specVersion: 1,
      isTransaction: (value: unknown): value is { readonly id: string } =>
        typeof value === 'object' && value !== null && 'id' in value,
      append: async (...all: unknown[]) => void written.push(all),
      claim: async () => [],
      done: async () => {},
    } as const
    const app = createReach({ messages: [orderPaid], channels: { horn, flag }, outbox: own })
    t = testReach(app)
    await app.in({ id: 'tx' }).notify('order.paid', { horn: 'h' }, { orderId: 'A8' })
    await t.advance('1s')
    t.expectSent('order.paid').to('h').once()
    expect(written).toEqual([])
    const pool = {} as never
    expect(() => app.in(pool)).toThrow('REACH_TRANSACTION_UNSUPPORTED')
  })

  it('puts the own engine back, and refuses what is no reach', async () => {
    t = testReach(reach)
    await placeOrder('A4')
    await t.restore()
    expect(() => testReach({})).toThrow('REACH_OPTION_INVALID')
    t = testReach(reach)
    expect((await reach.list()).rows).toEqual([])
  })
})
