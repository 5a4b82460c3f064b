// Processes that start while the store is away, stop before it is back, or die in the middle of a write.
import { createReach, receivers, sent } from '@reachkit/core'
import type { Store } from '@reachkit/core'
import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { errorOf } from './support/error-of.js'
import { signal } from './support/signals.js'
import { closings, directory, eventually, note, setUp, startWriter } from './support/spool-world.js'

test('a process that starts while the store is away takes messages too', async () => {
  const { away, dir } = await setUp()
  let isThere = false
  const store: Store = {
    ...away.store,
    open(context) {
      if (isThere) return away.store.open(context)
      throw new Error('connect ECONNREFUSED')
    },
  }
  const texts: string[] = []
  const lamp = signal('lamp', ({ content }) => {
    texts.push(content.text)
    return sent()
  })
  const reach = createReach({ messages: [note], channels: { lamp: lamp.channel }, store, spool: { dir } })
  closings.push(() => reach.stop({ timeout: '0s' }))
  expect(await errorOf(() => reach.start())).toMatchObject({ code: 'REACH_STORE_UNAVAILABLE' })
  const accepted = []
  for (let count = 0; count < 10; count += 1)
    accepted.push(await reach.notify('note', { lamp: 'ann' }, { text: `${count}` }, { idempotencyKey: `${count}` }))
  expect(new Set(accepted.map(({ state }) => state))).toEqual(new Set(['spooled']))
  expect(await errorOf(() => reach.notify('note', receivers, { text: 'x' }))).toMatchObject({
    code: 'REACH_STORE_UNAVAILABLE',
  })
  const settled = accepted.map(async (each) => each.settled())
  isThere = true
  expect((await Promise.all(settled)).map(({ outcome }) => outcome)).toEqual(accepted.map(() => 'sent'))
  expect(await reach.notify('note', { lamp: 'ann' }, { text: 'x' }, { idempotencyKey: '3' })).toMatchObject({
    state: 'accepted',
    deduplicated: true,
    id: accepted[3]?.id,
  })
  expect(texts.length).toBe(10)
})

test('what such a process could not drain is drained by the next one; who waited is told that it stopped', async () => {
  const { away, dir, reach: next, texts } = await setUp()
  const store: Store = { ...away.store, open: () => Promise.reject(new Error('connect ECONNREFUSED')) }
  const reach = createReach({ messages: [note], channels: { lamp: signal('lamp').channel }, store, spool: { dir } })
  const { settled } = await reach.notify('note', { lamp: 'ann' }, { text: 'left' })
  const waiting = errorOf(() => settled())
  await reach.stop()
  expect((await waiting).code).toBe('REACH_STOPPED')
  expect(await errorOf(() => reach.notify('note', { lamp: 'ann' }, { text: 'x' }))).toMatchObject({
    code: 'REACH_STOPPED',
  })
  await next.start()
  await eventually(() => expect(texts).toEqual(['left']))
})

test.each(['never', 'always'] as const)(
  'two processes killed in the middle of writes (fsync %s): what was told as spooled is sent once, by a living one',
  async (fsync) => {
    const dir = await directory()
    const writers = [startWriter(dir, fsync, 'a'), startWriter(dir, fsync, 'b')]
    await eventually(() => expect(Math.min(...writers.map(({ taken }) => taken.size))).toBeGreaterThan(300), 120_000)
    const { reach, texts } = await setUp({ dir })
    await reach.start()
    // Those who live keep their files.
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(texts).toEqual([])
    await Promise.all(writers.map(async ({ kill }) => kill()))
    const told = writers.flatMap(({ taken }) => [...taken.keys()])
    await eventually(async () => expect((await readdir(dir)).length).toBe(1), 20_000)
    await eventually(async () => expect((await reach.stats()).spooled?.messages).toBe(0), 20_000)
    await eventually(() => expect(texts.length).toBeGreaterThanOrEqual(told.length), 20_000)
    const arrived = texts.map((text) => text.split(' ')[0] ?? '')
    expect(new Set(arrived).size).toBe(arrived.length)
    expect(told.filter((text) => !arrived.includes(text))).toEqual([])
    // Beyond those, at most what was in flight at each kill.
    expect(arrived.length - told.length).toBeLessThanOrEqual(2 * 8 * 5)
    for (const writer of writers) {
      const [[text = '', id = ''] = []] = writer.taken
      expect(text).not.toBe('')
      expect(await reach.get(id)).toMatchObject({ outcome: 'sent' })
    }
  },
  240_000,
)
