// A store that is away: messages wait in files of this machine, and are sent once it is back.
import { createReach } from '@reachkit/core'
import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { errorOf } from './support/error-of.js'
import { signal } from './support/signals.js'
import { closings, eventually, note, setUp } from './support/spool-world.js'
import { lossyRun } from './support/test-store.js'

test('a store that is away: told as spooled, sent in order once it is back, under the same ids', async () => {
  // One at a time, so that they end in the order in which they came.
  const { reach, away, texts, send, dir } = await setUp({ concurrency: 1 })
  const first = await send('first')
  expect(first.state).toBe('accepted')
  await first.settled()
  away.isAway = true
  const spooled = []
  for (let count = 0; count < 150; count += 1) spooled.push(await send(`${count}`))
  expect(new Set(spooled.map(({ state }) => state))).toEqual(new Set(['spooled']))
  const settled = Promise.all(spooled.map(async (accepted) => accepted.settled()))
  expect((await reach.stats().catch(() => undefined))?.spooled?.messages ?? 150).toBe(150)
  away.isAway = false
  const ends = await settled
  expect(ends.map(({ id, outcome }) => ({ id, outcome }))).toEqual(spooled.map(({ id }) => ({ id, outcome: 'sent' })))
  const inOrder = ['first', ...Array.from({ length: 150 }, (_, count) => `${count}`)]
  // A lossy pool has no order of its own.
  expect(lossyRun ? texts.toSorted() : texts).toEqual(lossyRun ? inOrder.toSorted() : inOrder)
  await eventually(async () => expect((await readdir(dir)).filter((name) => name.endsWith('.spool'))).toEqual([]))
  expect(await send('last')).toMatchObject({ state: 'accepted' })
  expect((await reach.stats()).spooled).toEqual({ messages: 0, bytes: 0 })
})

test('without a spool, a store that is away is a coded error', async () => {
  const { away } = await setUp()
  const reach = createReach({ messages: [note], channels: { lamp: signal('lamp').channel }, store: away.store })
  closings.push(() => reach.stop({ timeout: '0s' }))
  await reach.start()
  away.isAway = true
  const call = (): Promise<unknown> => reach.notify('note', { lamp: 'ann' }, { text: 'x' })
  expect(await errorOf(call)).toMatchObject({ code: 'REACH_STORE_UNAVAILABLE' })
})

test('while it is away, the store is not asked by each call', async () => {
  const { away, send, reach } = await setUp()
  await reach.start()
  away.isAway = true
  await send('0')
  const before = away.accepts
  for (let count = 1; count < 500; count += 1) await send(`${count}`)
  expect(away.accepts - before).toBeLessThan(20)
})

test('an accept whose answer was lost, and that is spooled too, is sent once', async () => {
  const { away, texts, send, reach } = await setUp()
  await reach.start()
  away.losesAnswers = true
  const accepted = await send('once')
  expect(accepted.state).toBe('spooled')
  away.losesAnswers = false
  expect(await accepted.settled()).toMatchObject({ outcome: 'sent' })
  await eventually(async () => expect((await reach.stats()).spooled?.messages).toBe(0))
  expect(texts).toEqual(['once'])
})

test('a key that was known before ends merged into the first', async () => {
  const { away, send, reach, texts } = await setUp()
  const first = await send('first', { idempotencyKey: 'A1' })
  await first.settled()
  away.isAway = true
  const second = await send('second', { idempotencyKey: 'A1' })
  const settled = second.settled()
  away.isAway = false
  expect(await settled).toMatchObject({ outcome: 'merged', into: first.id })
  expect((await reach.get(second.id))?.into).toBe(first.id)
  expect(texts).toEqual(['first'])
})

test('what is left at stop is drained by the next process, with lists and tenants as they were', async () => {
  const { away, reach, dir } = await setUp()
  await reach.start()
  away.isAway = true
  const people = Array.from({ length: 1_200 }, (_, index) => ({ lamp: `l${index}` }))
  const accepted = await reach.notify('note', people, { text: 'all' }, { tenant: 'acme', priority: 'P1' })
  expect(accepted.state).toBe('spooled')
  expect(new Set(accepted.each?.map(({ state }) => state))).toEqual(new Set(['spooled']))
  await reach.stop()
  away.isAway = false
  const next = await setUp({ away, dir })
  await next.reach.start()
  await eventually(() => expect(next.texts.length).toBe(1_200))
  expect(await next.reach.get(accepted.ids[1_199] ?? '')).toMatchObject({
    tenant: 'acme',
    priority: 'P1',
    outcome: 'sent',
  })
})
