// What the book on Redis does beyond the suite: what goes by itself, what is refused, and what a killed server has kept.
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isReachError } from '@reachkit/core/spec'
import type { Profile } from '@reachkit/core/spec'
import { redisUrl, startOwnRedis } from '../../../test/support/servers/index.js'
import type { RedisSpace } from '../../../test/support/servers/index.js'
import type { RedisStoreOptions } from '../src/index.js'
import { openParts, redisSubject } from './redis-subject.js'
import type { RedisSubject } from './redis-subject.js'

interface Admin {
  config(set: 'SET', name: string, value: string): Promise<unknown>
  keys(pattern: string): Promise<string[]>
  quit(): Promise<unknown>
}
const { Redis } = createRequire(import.meta.url)('ioredis') as { Redis: new (url: string) => Admin }

let space: RedisSpace
beforeAll(async () => {
  space = await redisUrl()
})
afterAll(async () => {
  await space.drop()
})

async function withBook(test: (subject: RedisSubject) => Promise<void>, options?: RedisStoreOptions): Promise<void> {
  const subject = await redisSubject(space.url, options)
  try {
    await test(subject)
  } finally {
    await subject.close()
  }
}

const person = (id: string, over: Partial<Profile> = {}): Profile => ({ id, addresses: {}, ...over })

describe('events', () => {
  it('are kept for as long as the option says, and leave no key behind', async () => {
    const admin = new Redis(space.url)
    const prefix = `events-${space.prefix}`
    try {
      await withBook(
        async ({ book, now, advance }) => {
          const at = await now()
          const event = { recipient: 'a', name: 'paid' }
          await book.record('acme', [
            { ...event, at: at - 1_500, id: 'old' },
            { ...event, at, id: 'new' },
          ])
          expect(await book.events('acme', 'paid', ['a'], 0)).toEqual([1])
          await advance(1_200)
          await book.record('acme', [{ recipient: 'b', name: 'left', at: at + 60_000, id: 'later' }])
          expect(await book.events('acme', 'paid', ['a'], 0)).toEqual([0])
          expect((await admin.keys(`${prefix}:book:*`)).map((key) => key.slice(key.indexOf('}') + 1))).toEqual(
            expect.arrayContaining([':e:4:left:b', ':n']),
          )
          expect(await admin.keys(`${prefix}:book:*paid*`)).toEqual([])
        },
        { prefix, eventsFor: '1s' },
      )
    } finally {
      await admin.quit()
    }
  })

  it('are told apart where name and recipient read alike together', () =>
    withBook(async ({ book, now }) => {
      const at = await now()
      await book.record('acme', [
        { recipient: 'b:c', name: 'a', at, id: '1' },
        { recipient: 'c', name: 'a:b', at, id: '1' },
        { recipient: 'c', name: 'a:b', at, id: '2' },
      ])
      expect(await book.events('acme', 'a', ['b:c', 'c'], 0)).toEqual([1, 0])
      expect(await book.events('acme', 'a:b', ['b:c', 'c'], 0)).toEqual([0, 2])
    }))
})

describe('names', () => {
  const tenants = ['a', 'a}', 'a}b', 'a%7D', '{a}', '0:a', '%']

  it('of tenants and lists may have braces, which are part of them', () =>
    withBook(async ({ book }) => {
      for (const tenant of tenants) await book.upsert(tenant, [person(tenant)])
      for (const [index, name] of tenants.entries()) await book.append(name, 0, [{ id: `${index}`, text: '' }])
      for (const [index, name] of tenants.entries()) {
        const { profiles } = await book.page({ tenant: name, now: 0 }, { after: '', limit: 10 })
        expect(profiles.map(({ id }) => id)).toEqual([name])
        expect(await book.chunk(name, 0)).toEqual([{ id: `${index}`, text: '' }])
      }
    }))

  it('of a tenant are not the keys of another', () =>
    withBook(async ({ book, now }) => {
      const tenant = 'a}:e:1:x:'
      await book.upsert(tenant, [person('}:p')])
      await book.record('a', [{ recipient: '}:p', name: 'x', at: await now(), id: 'e' }])
      const { profiles } = await book.page({ tenant, now: 0 }, { after: '', limit: 10 })
      expect(profiles).toEqual([person('}:p')])
    }))

  it('with U+0000 are nobody’s', () =>
    withBook(async ({ book }) => {
      await book.upsert('acme', [person('a', { groups: ['b'] })])
      expect(await book.recipients('acme', ['a\0gb'])).toEqual([])
    }))
})

describe('a page of a group', () => {
  it('is exact, and has whoever came in between', () =>
    withBook(async ({ book, peer }) => {
      const people = Array.from({ length: 3_000 }, (_, at) =>
        person(`u${at}`, { groups: at % 100 === 0 ? ['rare'] : [] }),
      )
      await book.upsert('acme', people)
      const query = { tenant: 'acme', now: 0, segment: { group: 'rare' } }
      const first = await book.page(query, { after: '', limit: 10 })
      expect(first).toMatchObject({ exact: true, profiles: { length: 10 } })
      await peer.book.upsert('acme', [person('u9', { groups: ['rare'] }), person('u2900')])
      const rest = await book.page(query, { after: first.next ?? '', limit: 100 })
      expect(rest).toMatchObject({ exact: true, next: undefined })
      const expected = people
        .filter(({ id, groups }) => (groups ?? []).length > 0 && id !== 'u2900')
        .map(({ id }) => id)
      expect([...first.profiles, ...rest.profiles].map(({ id }) => id)).toEqual([...expected, 'u9'].toSorted())
      expect(await book.count(query)).toBe(30)
    }))

  it('of several conditions is that of the rarest, whatever their order', () =>
    withBook(async ({ book }) => {
      const people = Array.from({ length: 5_000 }, (_, at) =>
        person(`u${at}`, {
          groups: at % 1_000 === 7 ? ['all', 'rare'] : ['all'],
          zone: at % 2 === 0 ? 'UTC' : 'Asia/Tokyo',
        }),
      )
      await book.upsert('acme', people)
      const [all, rare, zone] = [{ group: 'all' }, { group: 'rare' }, { zone: ['Asia/Tokyo'] }]
      for (const segment of [{ all: [all, zone, rare] }, { all: [rare, zone, all] }]) {
        const page = await book.page({ tenant: 'acme', now: 0, segment }, { after: '', limit: 100 })
        expect(page.profiles.map(({ id }) => id)).toEqual(['u1007', 'u2007', 'u3007', 'u4007', 'u7'])
        expect(page).toMatchObject({ next: undefined, exact: true })
      }
    }))
})

describe('a server', () => {
  it('that is killed has all of it when it is back', async () => {
    const server = await startOwnRedis()
    const parts = await openParts({ url: server.url })
    const { book } = parts
    try {
      const people = Array.from({ length: 200 }, (_, at) => person(`u${at}`, { groups: ['g'], zone: 'UTC' }))
      await book.upsert('acme', people)
      await book.upsert('acme', [person('u0', { groups: ['h'] })])
      await book.record('acme', [{ recipient: 'u1', name: 'paid', at: Date.now(), id: 'e' }])
      await book.append('l', 0, [{ id: 'u1', text: '{}' }])
      await server.restart?.('SIGKILL')
      const read = async (): Promise<unknown> => book.count({ tenant: 'acme', now: 0 })
      expect(await read().catch(read)).toBe(200)
      expect(await book.count({ tenant: 'acme', now: 0, segment: { group: 'g' } })).toBe(199)
      expect(await book.recipients('acme', ['u0'])).toEqual([person('u0', { groups: ['h'] })])
      expect(await book.events('acme', 'paid', ['u0', 'u1'], 0)).toEqual([0, 1])
      expect(await book.chunk('l', 0)).toEqual([{ id: 'u1', text: '{}' }])
      expect(await book.has('l', ['u0', 'u1'])).toEqual([false, true])
    } finally {
      await parts.close()
      await server.stop()
    }
  }, 60_000)

  it('that is full refuses what is new with its code, and changes nobody by halves', async () => {
    const server = await startOwnRedis()
    const admin = new Redis(server.url)
    const parts = await openParts({ url: server.url })
    const { book } = parts
    try {
      await book.upsert('acme', [person('a', { groups: ['g'] })])
      await admin.config('SET', 'maxmemory', '1mb')
      const error: unknown = await book
        .upsert('acme', [person('a', { groups: ['h'] })])
        .catch((thrown: unknown) => thrown)
      expect(isReachError(error, 'REACH_STORE_FULL')).toBe(true)
      await expect(book.append('l', 0, [{ id: 'a', text: '' }])).rejects.toThrow('REACH_STORE_FULL')
      expect(await book.recipients('acme', ['a'])).toEqual([person('a', { groups: ['g'] })])
      const counts = ['g', 'h'].map(async (group) => book.count({ tenant: 'acme', now: 0, segment: { group } }))
      expect(await Promise.all(counts)).toEqual([1, 0])
      expect(await book.chunk('l', 0)).toBeUndefined()
      expect(await book.remove('acme', ['a']), 'who goes makes room').toBe(1)
    } finally {
      await Promise.all([parts.close(), admin.quit()])
      await server.stop()
    }
  }, 60_000)
})
