// The version of an app before a deploy and the one after it, side by side on one store: 10,000 messages.
import { createReach, message, sent } from '@reachkit/core'
import { expect, test } from 'vitest'
import { durableKinds, freshPlace, storeAt } from '../support/durable-stores.js'
import { anything, eventually, lamp, realContext, recordingLogger } from '../support/lamp.js'

const total = 10_000
const atOnce = 200

const before = message('note', { data: anything<{ name: string }>(), content: { lamp: { text: 'Hello {{ name }}' } } })
const after = message('note', {
  data: anything<{ first: string }>(),
  version: 2,
  upgrade: (stored) => ({ first: (stored as { name: string }).name }),
  content: { lamp: { text: 'Hi {{ first }}' } },
})
const fresh = message('fresh', { content: { lamp: { text: 'new' } } })

test.concurrent.each(durableKinds)(
  '%s: 10,000 messages by two versions: none rejected, none parked, each sent by who knows it',
  async (kind) => {
    const place = await freshPlace(kind)
    const texts = { old: [] as string[], next: [] as string[] }
    const side = (by: 'old' | 'next') => ({
      channels: {
        lamp: lamp(({ content }) => {
          texts[by].push(content.text)
          return sent()
        }),
      },
      store: storeAt(place),
      logger: recordingLogger(),
    })
    const old = createReach({ ...side('old'), messages: [before] })
    const next = createReach({ ...side('next'), messages: [after, fresh] })
    const ids: string[] = []
    const parts = await storeAt(place).open({ ...realContext, otherPool: true })
    try {
      await Promise.all([old.start(), next.start()])
      for (let from = 0; from < total; from += atOnce) {
        const calls = Array.from({ length: atOnce }, async (_, index) => {
          const to = { lamp: `p${from + index}` }
          if (index % 4 === 0) return next.notify('fresh', to, undefined)
          if (index % 4 === 1) return next.notify('note', to, { first: 'Bob' })
          return old.notify('note', to, { name: 'Ann' })
        })
        for (const { id } of await Promise.all(calls)) ids.push(id)
      }
      await eventually(() => expect(texts.old.length + texts.next.length).toBe(total), 120_000)
      await eventually(async () => {
        const outcomes = (await parts.ledger.get(ids)).map((record) => record?.outcome ?? record?.state)
        expect(outcomes.filter((outcome) => outcome !== 'sent')).toEqual([])
      }, 60_000)
      expect(new Set(texts.old)).toEqual(new Set(['Hello Ann']))
      expect(texts.next.filter((text) => text === 'new').length).toBe(total / 4)
      expect(texts.next.filter((text) => text === 'Hi Bob').length).toBe(total / 4)
      expect(texts.old.length, 'the old one had its part').toBeGreaterThan(0)
      expect((await next.parked()).rows).toEqual([])
      expect((await next.list({ outcome: 'rejected' })).rows).toEqual([])
    } finally {
      await Promise.all([old.stop({ timeout: '10s' }), next.stop({ timeout: '10s' })])
      await parts.close()
      await place.drop()
    }
  },
  300_000,
)
