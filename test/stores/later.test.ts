// What waits for a time of its own, on stores whose clock is another machine's.
import { createReach, retry, sent } from '@reachkit/core'
import { expect, test } from 'vitest'
import { durableKinds, freshPlace, storeAt } from '../support/durable-stores.js'
import { eventually, lamp, note, realContext } from '../support/lamp.js'

test.concurrent.each(durableKinds)(
  '%s: a message for later is sent then, and one that is tried again too',
  async (kind) => {
    const place = await freshPlace(kind)
    const at = new Map<string, number>()
    let tries = 0
    const reach = createReach({
      messages: [note],
      channels: {
        lamp: lamp(({ content: { text } }) => {
          if (text === 'again' && (tries += 1) === 1) return retry(300)
          at.set(text, performance.now())
          return sent()
        }),
      },
      store: storeAt(place),
    })
    try {
      const called = performance.now()
      await reach.notify('note', { lamp: 'a' }, { text: 'later' }, { after: '700ms' })
      await reach.notify('note', { lamp: 'a' }, { text: 'again' })
      await eventually(() => expect([...at.keys()].toSorted()).toEqual(['again', 'later']))
      expect((at.get('later') ?? 0) - called).toBeGreaterThan(690)
      expect(tries).toBe(2)
    } finally {
      await reach.stop({ timeout: '5s' })
      await place.drop()
    }
  },
  90_000,
)

test.concurrent.each(durableKinds)(
  '%s: an instant between two milliseconds is taken, to the millisecond',
  async (kind) => {
    const place = await freshPlace(kind)
    const parts = await storeAt(place).open(realContext)
    const { ledger } = parts
    try {
      const due = (await ledger.now()) + 60_000.4
      const cargo = { kind: 'messages', parcel: 'p', positions: [0], steps: [0] } as const
      const message = { type: 'note', version: 1, recipient: 'a', inline: undefined, data: '{}', lane: 'P2' } as const
      const rest = { labels: {}, sandbox: false, expires: undefined, digest: undefined }
      const entries = [{ id: 'e', lane: 'P2', due, weight: 1, cargo }] as const
      await ledger.accept([{ id: 'p', tenant: 't', messages: [{ ...message, ...rest }], entries }])
      const [entry] = await ledger.pending({}, 1)
      expect(Math.abs((entry?.due ?? 0) - due)).toBeLessThan(1)
    } finally {
      await parts.close()
      await place.drop()
    }
  },
  60_000,
)
