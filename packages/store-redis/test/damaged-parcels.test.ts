// What is stored of a parcel is damaged: nobody may take it for one that is gone, and it keeps nobody from the others.
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Logger, StoreParts } from '@reachkit/core/spec'
import { redisUrl } from '../../../test/support/servers/index.js'
import type { RedisSpace } from '../../../test/support/servers/index.js'
import { redis } from '../src/index.js'
import { claimed, newParcel, tryClaim } from './parcels.js'
import { realContext } from './redis-subject.js'

interface Client {
  call(command: string, ...args: string[]): Promise<unknown>
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

const leaseMs = 200

/** Accepts a parcel by one process, damages it, and looks at it by another that has none of it in memory. */
async function damaged(
  damage: (key: (kind: 'b' | 'm' | 'n', parcel: string) => string, parcel: string) => Promise<unknown>,
  look: (parts: StoreParts, parcel: ReturnType<typeof newParcel>, lines: readonly object[]) => Promise<void>,
): Promise<void> {
  const lines: object[] = []
  const logger: Logger = { ...realContext.logger, error: (fields) => void lines.push(fields) }
  const options = { url: space.url, prefix: space.prefix }
  const accepting = await redis(options).open(realContext)
  const parts = await redis(options).open({ ...realContext, logger })
  try {
    const parcel = newParcel({ size: 2 })
    await accepting.ledger.accept([parcel])
    await damage((kind, id) => `{${space.prefix}}:${kind}:${id}`, parcel.id)
    await look(parts, parcel, lines)
  } finally {
    await Promise.all([accepting.close(), parts.close()])
  }
}

it('A parcel without its body is handed out as what nobody knows, so that it is parked in the end.', () =>
  damaged(
    async (key, id) => client.call('del', key('b', id)),
    async ({ ledger }, parcel, lines) => {
      const { messages } = await claimed(ledger, parcel)
      expect(messages.map(({ type, state }) => [type, state])).toEqual([
        ['', 'waiting'],
        ['', 'waiting'],
      ])
      expect(lines).toContainEqual({ parcel: parcel.id, code: 'unreadable', error: expect.any(String) as string })
    },
  ))

it('A parcel whose marks cannot be read is left, and looked at again once the lease has run out.', () =>
  damaged(
    async (key, id) => client.call('set', key('m', id), 'x'),
    async ({ ledger }, parcel, lines) => {
      const sound = newParcel()
      await ledger.accept([sound])
      const envelopes = [parcel, sound].flatMap(({ entries, tenant }) =>
        entries.map((entry) => ({ ...entry, schema: 1, tenant }) as const),
      )
      const claims = await ledger.claim({ envelopes, owner: 'worker', leaseMs })
      expect(claims.map(({ status }) => status)).toEqual(['leased', 'claimed'])
      expect(lines).toContainEqual({ parcel: parcel.id, code: 'unreadable', error: 'RangeError' })
      const left = await ledger.pending({}, 100)
      expect(left.map(({ id }) => id)).toContain(parcel.entries[0]?.id)
    },
  ))

it('An entry whose parcel is gone is removed.', () =>
  damaged(
    async (key, id) => client.call('del', key('b', id), key('m', id), key('n', id)),
    async ({ ledger }, parcel, lines) => {
      expect((await tryClaim(ledger, parcel)).status).toBe('gone')
      expect((await ledger.pending({}, 100)).map(({ id }) => id)).not.toContain(parcel.entries[0]?.id)
      expect(lines).toEqual([])
    },
  ))
