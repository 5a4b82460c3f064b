// A provider that names all messages alike, as a sandbox does: what is kept of its ids must not grow with the messages.
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { HistoryEvent } from '@reachkit/core/spec'
import { eventually } from '../../../test/support/lamp.js'
import { redisUrl } from '../../../test/support/servers/index.js'
import type { RedisSpace } from '../../../test/support/servers/index.js'
import { redis } from '../src/index.js'
import { beginOf, claimed, newParcel } from './parcels.js'
import { realContext } from './redis-subject.js'

interface Client {
  keys(pattern: string): Promise<string[]>
  strlen(key: string): Promise<number>
  disconnect(): void
}
const { Redis } = createRequire(import.meta.url)('ioredis') as { Redis: new (url: string) => Client }

let space: RedisSpace
let client: Client
beforeAll(async () => {
  space = await redisUrl()
  client = new Redis(space.url)
})
afterAll(async () => {
  client.disconnect()
  await space.drop()
})

const size = 100
const parcels = 30

it('An id that a provider gives to thousands of messages is kept once, and names the last of them; others are kept too.', async () => {
  const parts = await redis({ url: space.url, prefix: space.prefix }).open(realContext)
  const { ledger, history } = parts
  try {
    const named: HistoryEvent = { step: 0, kind: 'sent', channel: 'email', provider: 'sandbox', attempt: 1 }
    let last = ''
    for (let count = 0; count < parcels; count += 1) {
      const parcel = newParcel({ size })
      await ledger.accept([parcel])
      const claim = await claimed(ledger, parcel)
      const positions = [...parcel.messages.keys()]
      await ledger.begin([beginOf(claim, parcel, positions)])
      const results = positions.map((position) => ({
        position,
        step: 0,
        to: { state: 'done', outcome: 'sent' } as const,
        events: [{ ...named, providerId: position === 0 ? `own-${count}` : 'preview' }],
      }))
      await ledger.settle([
        { entry: claim.entry, token: claim.token, parcel: parcel.id, results, entries: [], finish: true },
      ])
      last = `${parcel.id}.${size - 1}`
      await eventually(async () => expect(await history.find('sandbox', ['preview'])).toEqual([last]))
    }
    const own = Array.from({ length: parcels }, (_, count) => `own-${count}`)
    expect((await history.find('sandbox', own)).filter((id) => id === undefined)).toEqual([])
    const keys = await client.keys(`{${space.prefix}}:hv:*`)
    const kept = await Promise.all(keys.map(async (key) => client.strlen(key)))
    const record = 14
    expect(kept.reduce((sum, length) => sum + length, 0)).toBe((parcels + 1) * record)
  } finally {
    await parts.close()
  }
}, 60_000)
