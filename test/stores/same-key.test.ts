// Two processes, 10,000 keys, each notified by both at the same instant.
import { createReach } from '@reachkit/core'
import { expect, test } from 'vitest'
import { startProgram } from '../support/child-program.js'
import { durableKinds, freshPlace, storeAt } from '../support/durable-stores.js'
import { lamp, note, realContext } from '../support/lamp.js'
import { notifyKeys } from '../support/notify-keys.js'
import type { Told } from '../support/notify-keys.js'

const keys = 10_000
const atOnce = 500

test.each(durableKinds)(
  '%s: 10,000 keys notified by two processes at the same instant are 10,000 messages, and both have the same ids',
  async (kind) => {
    const place = await freshPlace(kind)
    const reach = createReach({ messages: [note], channels: { lamp: lamp() }, store: storeAt(place), worker: false })
    const other = await startProgram('notifier', place)
    const ids = new Set<string>()
    const first = { here: 0, there: 0 }
    try {
      await reach.start()
      for (let from = 0; from < keys; from += atOnce) {
        const some = Array.from({ length: atOnce }, (_, index) => `key-${from + index}`)
        const [here, there] = await Promise.all([notifyKeys(reach, some), other.ask<Told>(some)])
        expect(there.map(([id]) => id)).toEqual(here.map(([id]) => id))
        // Of each key, one of the two was the first.
        expect(here.filter(([, known], index) => known === there[index]?.[1])).toEqual([])
        for (const [id, known] of here) {
          ids.add(id)
          first[known ? 'there' : 'here'] += 1
        }
      }
      expect(ids.size).toBe(keys)
      expect(Math.min(first.here, first.there), 'they met').toBeGreaterThan(0)
      const parts = await storeAt(place).open(realContext)
      const pending = await parts.ledger.pending({}, keys)
      const waiting = pending.flatMap(({ cargo }) =>
        cargo.kind === 'messages' ? cargo.positions.map((position) => `${cargo.parcel}.${position}`) : [],
      )
      expect(waiting.length).toBe(keys)
      expect(new Set(waiting)).toEqual(ids)
      await parts.close()
    } finally {
      await other.kill()
      await reach.stop({ timeout: '5s' })
      await place.drop()
    }
  },
  180_000,
)
