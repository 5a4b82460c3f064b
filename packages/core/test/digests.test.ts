import { createReach, message, rejected, retry, sent, trigger, unknown } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { digestWorld, itemsOf, news, tell } from './support/digest-world.js'
import { everybody, signal } from './support/signals.js'
import { createWorld } from './support/world.js'

describe('A digest', () => {
  it('is one message with the data of each, sent at the end of the window that the first one began', async () => {
    const { engine, clock, texts, parts } = await digestWorld()
    const { reach, requests } = engine()
    const [a = ''] = await tell(reach, 'ann', 'a')
    await clock.advance('3m')
    const [b = '', c = ''] = await tell(reach, 'ann', 'b c')
    await clock.advance('6m')
    expect(requests).toEqual([])
    await clock.advance('61s')
    expect(texts(requests)).toEqual(['ann a: 3 of a b c'])
    expect(requests[0]?.id).toBe(a)
    for (const id of [b, c]) {
      expect(await reach.get(id)).toMatchObject({
        state: 'done',
        outcome: 'merged',
        reason: { code: 'digested' },
        into: a,
      })
    }
    expect((await reach.timeline(b)).map(({ kind, reason, outcome }) => [kind, reason, outcome])).toEqual([
      ['accepted', undefined, undefined],
      ['deferred', 'digest-gathering', undefined],
      ['done', 'digested', 'merged'],
    ])
    await clock.advance('1h')
    expect(requests).toHaveLength(1)
    expect(await parts.ledger.pending({}, 10)).toEqual([])
  })

  it('has no place for a message that comes in its last second: that one begins the next', async () => {
    const { engine, clock, texts } = await digestWorld()
    const { reach, requests } = engine()
    await tell(reach, 'ann', 'a')
    await clock.advance('598s')
    await tell(reach, 'ann', 'b')
    await clock.advance(1_500)
    await tell(reach, 'ann', 'c')
    await clock.advance('9m')
    await tell(reach, 'ann', 'd')
    await clock.advance('11m')
    expect(texts(requests)).toEqual(['ann a: 2 of a b', 'ann c: 2 of c d'])
  })

  it('is one for each recipient, address, key, tenant and lane', async () => {
    const { engine, clock, texts } = await digestWorld()
    const { reach, requests } = engine()
    for (const to of ['ann', 'bob']) await tell(reach, to, 'a b')
    for (const item of ['x', 'y']) await reach.notify('news', 'ann', { item, topic: 'sports' })
    await tell(reach, 'ann', 'm n', { tenant: 'other' })
    await tell(reach, 'ann', 'v w', { priority: 'P1' })
    for (const item of ['i', 'j']) await reach.notify('news', { id: 'ann', lamp: 'elsewhere' }, { item })
    await reach.notify('news', ['eve', 'eve'], { item: 'e' })
    await clock.advance('10m')
    expect(texts(requests).toSorted()).toEqual(
      [
        'ann a: 2 of a b',
        'ann i: 2 of i j',
        'ann m: 2 of m n',
        'ann v: 2 of v w',
        'ann x: 2 of x y',
        'bob a: 2 of a b',
        'eve e: 2 of e e',
      ].toSorted(),
    )
  })

  it('is not waited for by what is urgent, nor by a message that is sent once more', async () => {
    const { engine, clock, texts } = await digestWorld()
    const { reach, requests } = engine()
    const [id = ''] = await tell(reach, 'ann', 'now', { priority: 'P0' })
    await clock.advance('1s')
    expect(texts(requests)).toEqual(['ann now: 1 of now'])
    await reach.resend(id)
    await clock.advance('1s')
    expect(texts(requests)).toHaveLength(2)
  })

  it('holds no more than it may: the others go out in another one behind it', async () => {
    const { engine, clock, requestsOf } = await digestWorld()
    const { reach, requests } = engine()
    await tell(reach, 'ann', 'a b c d e f g h i')
    await clock.advance('10m')
    expect(requests).toHaveLength(1)
    await clock.advance('10s')
    expect(requestsOf(requests)).toEqual([['a', 'b', 'c', 'd'], ['e', 'f', 'g', 'h'], ['i']])
  })

  it('tells who waits for one of its messages that this was merged, and into which', async () => {
    const { engine, until } = await digestWorld()
    const { reach } = engine()
    const first = await reach.notify('news', 'ann', { item: 'a' })
    const second = await reach.notify('news', 'ann', { item: 'b' })
    const settled = await until(Promise.all([first.settled(), second.settled()]), 700_000, 1_000)
    expect(settled).toEqual([
      { id: first.id, state: 'done', outcome: 'sent', reason: undefined },
      { id: second.id, state: 'done', outcome: 'merged', reason: { code: 'digested' }, into: first.id },
    ])
  })

  it('leaves out what is past its ttl, was cancelled, or is due at another time', async () => {
    const { engine, clock, texts } = await digestWorld()
    const { reach, requests } = engine()
    const [late = ''] = await tell(reach, 'ann', 'late', { ttl: '5m' })
    const [, gone = '', other = ''] = await tell(reach, 'ann', 'a gone other')
    await tell(reach, 'ann', 'b', { ttl: '11m' })
    await clock.advance('4m')
    expect(await reach.cancel(gone)).toBe('cancelled')
    await reach.change(other, { after: '1h' })
    await clock.advance('7m')
    expect(await reach.get(late)).toMatchObject({ outcome: 'expired' })
    expect(await reach.get(gone)).toMatchObject({ outcome: 'cancelled' })
    expect(texts(requests)).toEqual(['ann a: 2 of a b'])
    await clock.advance('1h')
    expect(texts(requests)).toEqual(['ann a: 2 of a b', 'ann other: 1 of other'])
  })

  it('shows new data of a message that was changed while it waited', async () => {
    const { engine, clock, texts } = await digestWorld()
    const { reach, requests } = engine()
    const [, id = ''] = await tell(reach, 'ann', 'a b')
    await clock.advance('1m')
    await reach.change(id, { data: { item: 'B' } })
    await clock.advance('10m')
    expect(texts(requests)).toEqual(['ann a: 2 of a B'])
  })

  it('is led by another one where the first is cancelled', async () => {
    const { engine, clock, texts } = await digestWorld()
    const { reach, requests } = engine()
    const [first = ''] = await tell(reach, 'ann', 'a b c')
    await clock.advance('5m')
    expect(await reach.cancel(first)).toBe('cancelled')
    await clock.advance('6m')
    expect(texts(requests)).toEqual(['ann b: 2 of b c'])
  })

  it('shows the same on every attempt, and nothing that came later', async () => {
    const { engine, clock, texts } = await digestWorld()
    const { reach, requests } = engine(({ attempt }) =>
      attempt < 4 ? ([retry(), unknown(), retry(120_000)][attempt - 1] ?? sent()) : sent(),
    )
    await tell(reach, 'ann', 'a b')
    await clock.advance('601s')
    await tell(reach, 'ann', 'c')
    await clock.advance('20m')
    expect(texts(requests)).toEqual([
      ...Array.from({ length: 4 }, () => 'ann a: 2 of a b'),
      ...Array.from({ length: 4 }, () => 'ann c: 1 of c'),
    ])
  })

  it('that is cancelled between two attempts sets free what was merged into it', async () => {
    const { engine, clock, texts, until } = await digestWorld()
    const { reach, requests } = engine(({ content }) => (content.text.startsWith('a') ? retry(60_000) : sent()))
    const [a = '', b = '', c = ''] = await tell(reach, 'ann', 'a b c')
    await clock.advance('601s')
    expect(await reach.get(b)).toMatchObject({ outcome: 'merged', into: a })
    expect(await reach.cancel(a)).toBe('cancelled')
    expect(await reach.cancel(a)).toBe('cancelled')
    await clock.advance('10s')
    expect(texts(requests)).toEqual(['ann a: 3 of a b c', 'ann b: 2 of b c'])
    expect(await reach.get(a)).toMatchObject({ outcome: 'cancelled' })
    expect(await reach.get(c)).toMatchObject({ outcome: 'merged', into: b })
    expect(await until((await reach.notify('news', 'ann', { item: 'z' })).settled(), 700_000, 1_000)).toMatchObject({
      outcome: 'sent',
    })
  })

  it('that is over before it could be sent sets free what was merged into it', async () => {
    const { engine, clock, texts } = await digestWorld()
    const { reach, requests } = engine(({ content }) => (content.text.startsWith('a') ? retry(300_000) : sent()))
    const [a = ''] = await tell(reach, 'ann', 'a', { ttl: '12m' })
    await tell(reach, 'ann', 'b c')
    await clock.advance('20m')
    expect(await reach.get(a)).toMatchObject({ outcome: 'expired' })
    expect(texts(requests)).toEqual(['ann a: 3 of a b c', 'ann b: 2 of b c'])
  })

  it('that was refused, or is wanted once more, shows the same when it is sent again', async () => {
    const { engine, clock, texts } = await digestWorld()
    const { reach, requests } = engine((_request, _context, index) => (index === 0 ? rejected('full') : sent()))
    const [a = ''] = await tell(reach, 'ann', 'a b c')
    await tell(reach, 'bob', 'x y')
    await clock.advance('601s')
    await tell(reach, 'ann', 'z')
    await clock.advance('20m')
    expect(await reach.get(a)).toMatchObject({ outcome: 'rejected' })
    await reach.redrive(a)
    await clock.advance('1s')
    expect(await reach.get(a)).toMatchObject({ outcome: 'sent' })
    await reach.resend(a)
    await clock.advance('1s')
    expect(texts(requests).filter((text) => text.startsWith('ann a'))).toEqual(
      Array.from({ length: 3 }, () => 'ann a: 3 of a b c'),
    )
    expect(new Set(requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(requests.length)
  })

  it('whose key cannot be told is refused, and says why', async () => {
    const world = createWorld()
    const odd = message('odd', {
      data: z.object({ item: z.string() }),
      content: { lamp: { text: 'x' } },
      digest: { window: '10m', key: () => JSON.parse('nothing') },
    })
    const lamp = signal('lamp')
    const reach = world.open(
      createReach({ ...world.base, messages: [odd], channels: { lamp: lamp.channel }, directory: everybody }),
    )
    const { settled } = await reach.notify('odd', 'ann', { item: 'a' })
    expect(await world.until(settled())).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'content-failed', detail: 'digest.key threw SyntaxError' },
    })
  })

  it('is one of one where it is explained', async () => {
    const { engine } = await digestWorld()
    const { reach, requests } = engine()
    expect(await reach.explain('news', 'ann', { item: 'a' })).toMatchObject({ verdict: 'send', channels: ['lamp'] })
    expect(requests).toEqual([])
  })

  it('whose leader an event withdraws shows the others', async () => {
    const world = createWorld()
    const lamp = signal('lamp')
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [news],
        channels: { lamp: lamp.channel },
        directory: everybody,
        triggers: [trigger('seen', { send: news, unless: 'closed' })],
      }),
    )
    await reach.emit('seen', 'ann', { item: 'a' })
    await world.clock.advance('1m')
    await reach.emit('closed', 'ann')
    await world.clock.advance('1m')
    await reach.notify('news', 'ann', { item: 'b' })
    await reach.emit('seen', 'ann', { item: 'c' })
    await world.clock.advance('9m')
    expect(lamp.requests.map(itemsOf)).toEqual([['b', 'c']])
  })
})
