// The slot of a part of a book, and of a list, moves to another node while both are read and written.
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isReachError } from '@reachkit/core/spec'
import type { Book, Profile, Segment } from '@reachkit/core/spec'
import { startRedisCluster } from '../../../test/support/servers/index.js'
import type { RedisCluster } from '../../../test/support/servers/index.js'
import type { RedisClient } from '../src/index.js'
import { openParts } from './redis-subject.js'

const { Cluster } = createRequire(import.meta.url)('ioredis') as {
  Cluster: new (nodes: readonly { host: string; port: number }[]) => RedisClient
}

let cluster: RedisCluster
let client: RedisClient

beforeAll(async () => {
  cluster = await startRedisCluster()
  client = new Cluster(cluster.ports.map((port) => ({ host: '127.0.0.1', port })))
  client.on('error', () => {})
}, 60_000)

afterAll(async () => {
  client.disconnect()
  await cluster.stop()
})

const ids = Array.from({ length: 6_000 }, (_, index) => `user-${index}`)
const groups = ['red', 'green', 'blue']

function person(id: string, group: string): Profile {
  return { id, addresses: {}, groups: [group], zone: group === 'red' ? 'UTC' : 'Asia/Tokyo', locale: group }
}

async function idsOf(book: Book, tenant: string, segment?: Segment): Promise<readonly string[]> {
  const found: string[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const query = { tenant, now: 0, ...(segment && { segment }) }
    const { profiles, next } = await book.page(query, { after, limit: 1_000 })
    found.push(...profiles.map(({ id }) => id))
    after = next
  }
  return found
}

/** Tries again for as long as the store cannot be reached: whoever uses a store does. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries > 1_000 || !isReachError(error, 'REACH_STORE_UNAVAILABLE')) throw error
    }
  }
}

describe('a slot that moves to another node', () => {
  it('takes a part of a book along: nobody is lost, doubled, or found by what was replaced', async () => {
    const tenant = `t${randomBytes(6).toString('hex')}`
    const parts = await openParts({ client, prefix: tenant })
    const { book } = parts
    const last = new Map<string, string>()
    const told = new Map(ids.map((id) => [id, 0]))
    const at = await parts.state.now()
    const write = async (round: number): Promise<void> => {
      const some = ids.filter((_, index) => index % 7 === round % 7)
      const group = groups[round % groups.length] ?? ''
      await again(async () =>
        book.upsert(
          tenant,
          some.map((id) => person(id, group)),
        ),
      )
      const events = some.map((recipient) => ({ recipient, name: 'paid', at, id: `${round}` }))
      await again(async () => book.record(tenant, events))
      for (const id of some) {
        last.set(id, group)
        told.set(id, (told.get(id) ?? 0) + 1)
      }
    }
    try {
      for (let round = 0; round < 7; round += 1) await write(round)
      const state = { moving: true }
      const writing = (async () => {
        for (let round = 7; state.moving || round < 14; round += 1) await write(round)
      })()
      const reading = (async () => {
        while (state.moving) expect(await again(async () => idsOf(book, tenant))).toHaveLength(ids.length)
      })()
      const moved = await cluster.moveSlot(`3:${tenant}`).finally(() => (state.moving = false))
      expect(moved).toBeGreaterThan(300)
      await Promise.all([writing, reading])

      const all = await again(async () => book.recipients(tenant, ids.slice(0, 500)))
      expect(all.map(({ id }) => id).toSorted()).toEqual(ids.slice(0, 500).toSorted())
      for (const group of groups) {
        const expected = ids.filter((id) => last.get(id) === group).toSorted()
        expect(await again(async () => idsOf(book, tenant, { group }))).toEqual(expected)
        expect(await again(async () => book.count({ tenant, now: 0, segment: { group } }))).toBe(expected.length)
      }
      expect(await again(async () => idsOf(book, tenant, { zone: ['UTC', 'Asia/Tokyo'] }))).toEqual(ids.toSorted())
      for (let start = 0; start < ids.length; start += 500) {
        const part = ids.slice(start, start + 500)
        const counts = await again(async () => book.events(tenant, 'paid', part, 0))
        expect(counts).toEqual(part.map((id) => told.get(id)))
      }
      expect(await again(async () => book.remove(tenant, ids.slice(0, 500)))).toBe(500)
      expect(await again(async () => book.events(tenant, 'paid', ids.slice(0, 500), 0))).toEqual(Array(500).fill(0))
    } finally {
      await parts.close()
    }
  }, 120_000)

  it('takes a list along: every chunk is there once, with its ids', async () => {
    const name = `l${randomBytes(6).toString('hex')}`
    const parts = await openParts({ client, prefix: name })
    const { book } = parts
    const chunkOf = (chunk: number): string[] => Array.from({ length: 40 }, (_, index) => `${chunk}-${index}`)
    const append = async (chunk: number): Promise<void> =>
      again(async () =>
        book.append(
          name,
          chunk,
          chunkOf(chunk).map((id) => ({ id, text: '' })),
        ),
      )
    try {
      for (let chunk = 0; chunk < 400; chunk += 1) await append(chunk)
      const state = { moving: true }
      let made = 400
      const writing = (async () => {
        for (; state.moving || made < 450; made += 1) await append(made)
      })()
      const moved = await cluster.moveSlot(name).finally(() => (state.moving = false))
      expect(moved).toBeGreaterThan(300)
      await writing
      expect(await again(async () => book.size(name))).toBe(made * 40)
      for (let chunk = 0; chunk < made; chunk += 1) {
        const found = await again(async () => book.chunk(name, chunk))
        expect(found?.map(({ id }) => id)).toEqual(chunkOf(chunk))
        expect(await again(async () => book.has(name, chunkOf(chunk)))).toEqual(Array(40).fill(true))
      }
      await again(async () => book.drop(name))
      expect(await again(async () => book.chunk(name, 0))).toBeUndefined()
      expect(await again(async () => book.has(name, ['0-0']))).toEqual([false])
    } finally {
      await parts.close()
    }
  }, 120_000)
})
