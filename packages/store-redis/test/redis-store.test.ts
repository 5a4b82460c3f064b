import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { messageId } from '@reachkit/core/spec'
import type { HistoryEvent } from '@reachkit/core/spec'
import type { StoreSubject } from '@reachkit/testing'
import { redisUrl } from '../../../test/support/servers/index.js'
import type { RedisSpace } from '../../../test/support/servers/index.js'
import { redis } from '../src/index.js'
import type { RedisClient, RedisStoreOptions } from '../src/index.js'
import { beginOf, claimed, digestsOf, newParcel, only, sendAll, tryClaim } from './parcels.js'
import { realContext, redisSubject, timing } from './redis-subject.js'

const { Redis } = createRequire(import.meta.url)('ioredis') as { Redis: new (url: string) => RedisClient }

let space: RedisSpace
beforeAll(async () => {
  space = await redisUrl()
})
afterAll(async () => {
  await space.drop()
})

async function withStore(test: (subject: StoreSubject) => Promise<void>, options?: RedisStoreOptions): Promise<void> {
  const subject = await redisSubject(space.url, options)
  try {
    await test(subject)
  } finally {
    await subject.close()
  }
}

const sentEvent: HistoryEvent = {
  step: 0,
  kind: 'sent',
  channel: 'email',
  provider: 'ses',
  providerId: 'id-',
  attempt: 1,
}

describe('an entry', () => {
  it('is not removed while a message of it is being sent', () =>
    withStore(async ({ ledger }) => {
      const parcel = newParcel({ size: 3 })
      await ledger.accept([parcel])
      const claim = await claimed(ledger, parcel)
      await ledger.begin([beginOf(claim, parcel, [1])])
      const { entry, token } = claim
      await ledger.settle([{ entry, token, parcel: parcel.id, results: [], entries: [], finish: true }])
      const next = await claimed(ledger, parcel)
      expect(next.before).toEqual([{ token, slices: 1 }])
      expect(next.messages.map(({ state }) => state)).toEqual(['waiting', 'sending', 'waiting'])
      expect(next.messages[1]?.attempting).toBe('email:smtp')
    }))

  it('begins once, and answers a second time where the first answer was lost', async () => {
    const client = new Redis(space.url)
    let lose = false
    const losing: RedisClient = {
      callBuffer: async (...args) => {
        const reply = await client.callBuffer(...args)
        if (!lose || !args[0].startsWith('eval')) return reply
        lose = false
        throw new Error('Connection is closed.')
      },
      on: () => {},
      off: () => {},
      disconnect: () => {},
      quit: async () => {},
      status: 'ready',
    }
    const parts = await redis({ client: losing, prefix: space.prefix }).open(realContext)
    const { ledger } = parts
    try {
      const parcel = newParcel({ size: 4 })
      await ledger.accept([parcel])
      const request = beginOf(await claimed(ledger, parcel), parcel, [0, 1, 2])
      // The script is known from here on, so that the one call that is lost is the one that begins.
      await ledger.begin([{ ...request, positions: [], steps: [], attempting: [] }])
      lose = true
      await expect(ledger.begin([request])).rejects.toThrow('REACH_STORE_UNAVAILABLE')
      expect(only(await ledger.begin([request])).begun).toEqual([0, 1, 2])
      expect(only(await ledger.begin([{ ...request, slice: 1 }])).begun, 'another request').toEqual([])
    } finally {
      await parts.close()
      client.disconnect()
    }
  })
})

describe('digests', () => {
  it(
    'of a long parcel that lives are carried on from window to window',
    () =>
      withStore(async ({ ledger, peer, advance }) => {
        const digests = digestsOf('carried', 40)
        const parcel = newParcel({ digests })
        await ledger.accept([parcel])
        for (let windows = 0; windows < 4; windows += 1) {
          await advance(timing.dedupeMs)
          await (peer ?? { ledger }).ledger.sweep(100)
        }
        const answer = only(await ledger.accept([newParcel({ digests })]))
        expect(answer.ids).toEqual(digests.map((_, position) => messageId(parcel.id, position)))
        expect(answer.deduplicated.every(Boolean)).toBe(true)
      }),
    30_000,
  )

  it(
    'of a parcel that lives count where nobody has swept',
    () =>
      withStore(async ({ ledger, advance }) => {
        const living = newParcel({ digests: digestsOf('living', 9) })
        const done = newParcel({ digests: digestsOf('done', 9) })
        await ledger.accept([living, done])
        await sendAll(ledger, done)
        await advance(timing.dedupeMs)
        // This begins the next generation; the two above are in the one before.
        await ledger.accept([newParcel({ digests: ['other'] })])
        await advance(timing.dedupeMs)
        const again = await ledger.accept([
          newParcel({ digests: digestsOf('living', 9) }),
          newParcel({ digests: digestsOf('done', 9) }),
        ])
        expect(again.map(({ deduplicated }) => deduplicated.every(Boolean))).toEqual([true, false])
      }),
    30_000,
  )

  it(
    'of a done parcel go with their keys',
    () =>
      withStore(
        async ({ ledger, advance }) => {
          const client = new Redis(space.url)
          const parcel = newParcel({ digests: digestsOf('gone', 30), tenant: 'alone' })
          await ledger.accept([parcel])
          await sendAll(ledger, parcel)
          for (let windows = 0; windows < 4; windows += 1) {
            await advance(timing.dedupeMs)
            await ledger.sweep(100)
          }
          const keys = (await client.callBuffer('keys', '*alone}:d*')) as Buffer[]
          expect(keys.map(String).map((key) => key.split('}:')[1])).toEqual(['dw'])
          client.disconnect()
        },
        { isolate: 'tenant', history: false },
      ),
    30_000,
  )
})

describe('history', () => {
  it('shows what is past its retention, without its data', () =>
    withStore(async ({ ledger, history, advance }) => {
      const parcel = newParcel({ size: 12, data: '{"secret":"body"}' })
      await ledger.accept([parcel])
      await sendAll(ledger, parcel, [sentEvent])
      await advance(timing.retentionMs + 100)
      await ledger.sweep(100)
      const id = messageId(parcel.id, 7)
      expect(await ledger.get([id])).toEqual([undefined])
      const { rows } = await history.list({ recipient: 'user-7', tenant: 'acme' }, { limit: 10 })
      expect(only(rows)).toMatchObject({ id, type: 'order.paid', state: 'done', outcome: 'sent', channels: ['email'] })
      expect((await history.timeline([id])).map(({ kind }) => kind)).toEqual(['accepted', 'sent'])
      expect(await history.find('ses', ['id-7'])).toEqual([id])
      expect(await history.find(undefined, ['id-7'])).toEqual([id])
      expect((await history.list({ from: 0 }, { limit: 100 })).rows).toHaveLength(12)
    }))

  it('keeps none where it is told so, and says it', () =>
    withStore(
      async ({ ledger, history }) => {
        const parcel = newParcel()
        await ledger.accept([parcel])
        expect((await history.list({ ids: [messageId(parcel.id, 0)] }, { limit: 10 })).rows).toHaveLength(1)
        await expect(history.list({ recipient: 'user-0', tenant: 'acme' }, { limit: 10 })).rejects.toThrow(
          'REACH_QUERY_UNSUPPORTED',
        )
        await expect(history.count({}, 'state')).rejects.toThrow('REACH_QUERY_UNSUPPORTED')
      },
      { history: false },
    ))

  it(
    'forgets, and leaves no key behind',
    () =>
      withStore(
        async ({ ledger, advance }) => {
          const client = new Redis(space.url)
          const parcel = newParcel({ size: 20, tenant: 'short' })
          await ledger.accept([parcel])
          await sendAll(ledger, parcel, [sentEvent])
          await advance(timing.retentionMs + 3_500)
          await ledger.sweep(100)
          const left = (await client.callBuffer('keys', '*short}:*')) as Buffer[]
          expect(
            left
              .map(String)
              .map((key) => key.split('}:')[1])
              .filter((key) => key !== 'qs' && key !== 'dw'),
          ).toEqual([])
          client.disconnect()
        },
        { isolate: 'tenant', history: '2s' },
      ),
    30_000,
  )
})

describe('a client of the app', () => {
  it('is used, and stays open', async () => {
    const client = new Redis(space.url)
    const parts = await redis({ client, prefix: space.prefix }).open(realContext)
    const { ledger } = parts
    const parcel = newParcel()
    await ledger.accept([parcel])
    await parts.close()
    expect(client.status).toBe('ready')
    expect(String(await client.callBuffer('ping'))).toBe('PONG')
    client.disconnect()
  })
})

describe('many parcels at once', () => {
  it('are accepted, claimed and settled by bounded calls', () =>
    withStore(async ({ ledger, peer }) => {
      const parcels = Array.from({ length: 150 }, (_, index) => newParcel({ digests: digestsOf(`m${index}`, 7) }))
      const answers = await ledger.accept(parcels)
      expect(answers.every(({ status }) => status === 'accepted')).toBe(true)
      expect(await ledger.pending({}, 1_000)).toHaveLength(150)
      const other = peer?.ledger ?? ledger
      expect((await Promise.all(parcels.map(async (parcel) => sendAll(other, parcel)))).flat()).toHaveLength(1_050)
      expect(await ledger.pending({}, 1_000)).toEqual([])
      expect((await tryClaim(ledger, parcels[0] ?? newParcel())).status).toBe('gone')
    }))
})
