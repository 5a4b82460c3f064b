import { createReach, memoryStore, message, retry, sent, trigger, where } from '@reachkit/core'
import type { Trigger } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorOf } from './support/error-of.js'
import { sharedStore } from './support/shared-store.js'
import { everybody, signal, untyped } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'

const reminder = message('cart.reminder', {
  data: z.object({ total: z.number() }),
  content: { lamp: { text: 'Your cart of {{ total }} waits' } },
})

async function setUp(triggers: readonly Trigger[], answers: readonly Answer[] = []) {
  const world = createWorld()
  const parts = await memoryStore({ retention: '30d' }).open(world.base)
  const lamp = signal('lamp', (request, context, index) => answers[index]?.(request, context, index) ?? sent())
  const engine = () =>
    world.open(
      createReach({
        ...world.base,
        store: sharedStore(parts),
        messages: [reminder],
        channels: { lamp: lamp.channel },
        directory: everybody,
        triggers,
      }),
    )
  return { ...world, parts, engine, requests: lamp.requests }
}

const cart = { total: 30 }
const abandoned = trigger('cart.abandoned', { send: reminder, after: '1h', unless: 'order.paid' })

describe('a trigger', () => {
  it('sends after its delay, once an event, though the process that took the event is gone', async () => {
    const { engine, clock, requests } = await setUp([abandoned])
    const first = engine()
    const { id, messages } = await first.emit('cart.abandoned', 'ann', cart, { id: 'cart-1' })
    await first.emit('cart.abandoned', 'ann', cart, { id: 'cart-1' })
    expect(id).toBe('cart-1')
    expect(Object.keys(messages)).toEqual(['cart.abandoned > cart.reminder'])
    await first.stop()
    const second = engine()
    await second.start()
    await clock.advance('59m')
    expect(requests).toHaveLength(0)
    await clock.advance('2m')
    expect(requests.map(({ recipient, content }) => [recipient.id, content.text])).toEqual([
      ['ann', 'Your cart of 30 waits'],
    ])
  })

  it('sends nothing where the other event came first, for this recipient alone', async () => {
    const { engine, clock, requests } = await setUp([abandoned])
    const reach = engine()
    await reach.emit('order.paid', 'eve')
    await clock.advance('1m')
    for (const user of ['ann', 'bob', 'eve']) await reach.emit('cart.abandoned', user, cart)
    const { messages } = await reach.emit('cart.abandoned', 'cleo', cart)
    await clock.advance('30m')
    for (const user of ['ann', 'cleo']) await reach.emit('order.paid', user)
    await clock.advance('31m')
    expect(requests.map(({ recipient }) => recipient.id)).toEqual(['bob', 'eve'])
    const id = messages['cart.abandoned > cart.reminder'] ?? ''
    expect(await reach.get(id)).toMatchObject({ outcome: 'rejected', reason: { code: 'trigger-withdrawn' } })
  })

  it('keeps to once in its window, and a try that was certainly not sent uses none of it up', async () => {
    const weekly = trigger('cart.abandoned', { send: reminder, atMostOnce: '7d' })
    const { engine, clock, requests } = await setUp([weekly], [() => retry(1_000)])
    const reach = engine()
    await reach.emit('cart.abandoned', 'ann', cart)
    await clock.advance('5s')
    expect(requests).toHaveLength(2)
    for (const user of ['ann', 'bob']) await reach.emit('cart.abandoned', user, cart)
    await clock.advance('5s')
    expect(requests.map(({ recipient }) => recipient.id)).toEqual(['ann', 'ann', 'bob'])
    await clock.advance('7d')
    await reach.emit('cart.abandoned', 'ann', cart)
    await clock.advance('5s')
    expect(requests).toHaveLength(4)
  })

  it('judges the data of the event by a function or by conditions, and makes the data of the message of it', async () => {
    const triggers = [
      trigger('cart.abandoned', {
        name: 'dear',
        send: reminder,
        when: where.attribute('sum').above(100),
        data: ({ sum }: { sum: number }) => ({ total: sum }),
      }),
      trigger('cart.abandoned', {
        name: 'cheap',
        send: reminder,
        when: ({ sum }: { sum: number }) => sum <= 100,
        data: ({ sum }: { sum: number }) => ({ total: -sum }),
      }),
    ]
    const { engine, clock, requests } = await setUp(triggers)
    const reach = engine()
    const { messages } = await reach.emit('cart.abandoned', 'ann', { sum: 200 })
    expect(Object.keys(messages)).toEqual(['dear'])
    await reach.emit('cart.abandoned', 'bob', { sum: 5 })
    await clock.advance('1s')
    expect(requests.map(({ content }) => content.text)).toEqual(['Your cart of 200 waits', 'Your cart of -5 waits'])
  })

  it('does not fire for other events, which are noted all the same', async () => {
    const { engine, clock, requests, parts } = await setUp([abandoned])
    const reach = engine()
    expect(await reach.emit('page.seen', 'ann')).toMatchObject({ messages: {} })
    await clock.advance('2h')
    expect(requests).toHaveLength(0)
    expect(await parts.book?.events('default', 'page.seen', ['ann', 'bob'], 0)).toEqual([1, 0])
  })
})

describe('what is wrong', () => {
  it('is refused where it is wired', async () => {
    const { base } = createWorld()
    const other = message('other', { content: { lamp: { text: 'x' } } })
    const lamp = signal('lamp').channel
    const create = (triggers: unknown) => () =>
      createReach({ ...base, messages: [reminder], channels: { lamp }, triggers: untyped<Trigger[]>(triggers) })
    for (const triggers of [[{}], 'x', [abandoned, abandoned], [trigger('x', { send: other })]])
      expect(await errorOf(create(triggers))).toMatchObject({ code: 'REACH_TRIGGER_INVALID' })
    for (const options of [{}, { send: {} }, { send: reminder, unless: 1 }, { send: reminder, atMostOnce: '1ms' }])
      expect(await errorOf(() => trigger('x', untyped<{ send: typeof reminder }>(options)))).toMatchObject({
        code: 'REACH_TRIGGER_INVALID',
      })
  })

  it('is refused where it is emitted', async () => {
    const { engine } = await setUp([abandoned])
    const reach = engine()
    expect(await errorOf(() => reach.emit('', 'ann'))).toMatchObject({ code: 'REACH_OPTION_INVALID' })
    expect(await errorOf(() => reach.emit('cart.abandoned', 'ann', { total: 'secret' }))).toMatchObject({
      code: 'REACH_DATA_INVALID',
    })
    expect(await errorOf(() => reach.emit('cart.abandoned', { lamp: 'l' }, cart))).toMatchObject({
      code: 'REACH_RECIPIENT_INVALID',
    })
  })
})
