// Digests on stores that several processes share: the windows of State, and merges that are compare-and-set.
import { createReach, message, retry, sent } from '@reachkit/core'
import { expect, test } from 'vitest'
import { durableKinds, freshPlace, storeAt } from '../support/durable-stores.js'
import { anything, eventually, lamp } from '../support/lamp.js'

const news = message('news', {
  data: anything<{ item: string }>(),
  content: { lamp: (data) => ({ text: data.digest.items.map(({ item }) => item).join(' ') }) },
  digest: { window: '1500ms', max: 50 },
})

test.concurrent.each(durableKinds)(
  '%s: of messages that two processes take and work on, each is shown once, in few digests',
  async (kind) => {
    const place = await freshPlace(kind)
    const kept = new Map<string, string>()
    const differing: string[] = []
    let busy = 2
    const channel = lamp(
      ({ id, to, content: { text } }) => {
        const key = `${id} ${to}`
        if ((kept.get(key) ?? text) !== text) differing.push(text)
        kept.set(key, text)
        return (busy -= 1) >= 0 ? retry(200) : sent()
      },
      { deduplicates: true },
    )
    const start = () => createReach({ messages: [news], channels: { lamp: channel }, store: storeAt(place) })
    const [one, two] = [start(), start()]
    try {
      await Promise.all([one.start(), two.start()])
      const calls = Array.from({ length: 40 }, async (_, index) => {
        const to = `l${index % 2}`
        return (index % 3 === 0 ? one : two).notify('news', { lamp: to }, { item: `i${index}` })
      })
      const accepted = await Promise.all(calls)
      const settled = await Promise.all(accepted.map(async (each) => each.settled()))
      await eventually(() => {
        const items = [...kept.values()].flatMap((text) => text.split(' '))
        expect(items.toSorted()).toEqual(calls.map((_, index) => `i${index}`).toSorted())
      })
      expect(differing).toEqual([])
      const leaders = settled.filter(({ outcome }) => outcome === 'sent').map(({ id }) => id)
      expect(leaders.length).toBe(kept.size)
      expect(leaders.length).toBeLessThan(10)
      for (const { outcome, into } of settled)
        if (outcome !== 'sent') expect([outcome, leaders.includes(into ?? '')]).toEqual(['merged', true])
    } finally {
      await Promise.all([one.stop({ timeout: '5s' }), two.stop({ timeout: '5s' })])
      await place.drop()
    }
  },
  90_000,
)
