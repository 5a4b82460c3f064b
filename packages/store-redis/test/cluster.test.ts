import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isReachError } from '@reachkit/core/spec'
import type { NewParcel } from '@reachkit/core/spec'
import { bookCases, historyCases, ledgerCases, runCase, stateCases, waitingAdvance } from '@reachkit/testing'
import { startRedisCluster } from '../../../test/support/servers/index.js'
import type { RedisCluster } from '../../../test/support/servers/index.js'
import { digestsOf, newParcel, sendAll } from './parcels.js'
import { redis } from '../src/index.js'
import type { RedisClient, RedisStoreOptions } from '../src/index.js'
import { openParts, realContext, timing } from './redis-subject.js'
import type { RedisSubject } from './redis-subject.js'

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

const short = { retention: '1500ms', dedupeFor: '2s', pushAgain: '400ms' } as const

async function clusterSubject(options: RedisStoreOptions): Promise<RedisSubject> {
  const prefix = `t${randomBytes(6).toString('hex')}`
  const own = { client, prefix, ...short, ...options }
  const [parts, peer] = await Promise.all([openParts(own), openParts(own)])
  const now = async (): Promise<number> => parts.state.now()
  const close = async (): Promise<void> => {
    await Promise.all([parts.close(), peer.close()])
  }
  return { ...parts, peer, timing, now, advance: waitingAdvance(now), close }
}

const cases = [...ledgerCases, ...stateCases, ...historyCases, ...bookCases]

describe('redis store on a cluster of three, a tag for each tenant', () => {
  test.concurrent.each(cases.map((wanted) => [wanted.name, wanted] as const))(
    '%s',
    async (_, wanted) => {
      const notOwed: string[] = []
      await runCase(
        wanted,
        async () => clusterSubject({ isolate: 'tenant' }),
        (why) => notOwed.push(why),
      )
      expect(notOwed.filter((why) => !why.includes('reservations'))).toEqual([])
    },
    30_000,
  )
})

describe('a slot that moves to another node', () => {
  test('loses nothing and doubles nothing, and whoever is kept waiting is told with a code', async () => {
    const prefix = `t${randomBytes(6).toString('hex')}`
    const parts = await redis({ client, prefix }).open(realContext)
    const { ledger } = parts
    const state = { moving: true }
    let away = 0
    const again = async <T>(work: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await work()
        } catch (error) {
          if (!isReachError(error, 'REACH_STORE_UNAVAILABLE')) throw error
          away += 1
        }
      }
    }
    const accepted: NewParcel[] = []
    const accepting = async (): Promise<void> => {
      for (let made = 0; state.moving || made < 20; made += 1) {
        const parcel = newParcel({ digests: digestsOf(`s${made}`, 10) })
        await again(async () => ledger.accept([parcel]))
        accepted.push(parcel)
      }
    }
    try {
      for (let made = 0; made < 150; made += 1) {
        const parcel = newParcel({ digests: digestsOf(`b${made}`, 10) })
        await ledger.accept([parcel])
        accepted.push(parcel)
      }
      const work = accepting()
      const moved = await cluster.moveSlot(prefix).finally(() => (state.moving = false))
      expect(moved).toBeGreaterThan(300)
      await work
      const doubled = await ledger.accept(accepted.map((parcel) => ({ ...parcel, id: `${parcel.id}x`, entries: [] })))
      expect(
        doubled.every(({ deduplicated }) => deduplicated.every(Boolean)),
        'every key is known',
      ).toBe(true)
      const entries = await ledger.pending({}, 10_000)
      expect(new Set(entries.map(({ id }) => id)).size).toBe(accepted.length)
      for (const parcel of accepted) expect(await again(async () => sendAll(ledger, parcel))).toHaveLength(10)
      expect(await ledger.pending({}, 10)).toEqual([])
      expect(away).toBeLessThan(1_000)
    } finally {
      state.moving = false
      await parts.close()
    }
  }, 60_000)
})
