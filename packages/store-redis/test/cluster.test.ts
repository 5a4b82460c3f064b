import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isReachError } from '@reachkit/core/spec'
import type { NewParcel, StoreParts } from '@reachkit/core/spec'
import { historyCases, ledgerCases, runCase, stateCases, waitingAdvance } from '@reachkit/testing'
import type { StoreSubject } from '@reachkit/testing'
import { startOwnRedis } from '../../../test/support/servers/index.js'
import type { TestServer } from '../../../test/support/servers/index.js'
import { digestsOf, newParcel, sendAll } from './parcels.js'
import { redis } from '../src/index.js'
import type { RedisClient, RedisStoreOptions } from '../src/index.js'
import { realContext, timing } from './redis-subject.js'

const { Cluster, Redis } = createRequire(import.meta.url)('ioredis') as {
  Cluster: new (nodes: readonly { host: string; port: number }[]) => RedisClient
  Redis: new (url: string) => RedisClient
}

const slots = 16_384
let servers: TestServer[] = []
let client: RedisClient

beforeAll(async () => {
  servers = await Promise.all(
    [0, 1, 2].map(async () =>
      startOwnRedis({ settings: { 'cluster-enabled': 'yes', 'cluster-port': `${await freePort()}` } }),
    ),
  )
  await join()
  client = new Cluster(servers.map(({ url }) => ({ host: '127.0.0.1', port: Number(new URL(url).port) })))
  client.on('error', () => {})
}, 60_000)

afterAll(async () => {
  client.disconnect()
  await Promise.all(servers.map(async (server) => server.stop()))
})

/** Three nodes that share the slots, and know each other. */
async function join(): Promise<void> {
  const nodes = servers.map(({ url }) => new Redis(url))
  try {
    const [first] = servers
    for (const [index, node] of nodes.entries()) {
      const [from, to] = [index, index + 1].map((part) => Math.floor((slots * part) / nodes.length))
      await node.callBuffer('cluster', 'addslotsrange', from ?? 0, (to ?? slots) - 1)
      await node.callBuffer('config', 'set', 'cluster-require-full-coverage', 'yes')
    }
    const bus = Number(text(await nodes[0]?.callBuffer('config', 'get', 'cluster-port'))[1])
    for (const node of nodes.slice(1)) {
      await node.callBuffer('cluster', 'meet', '127.0.0.1', Number(new URL(first?.url ?? '').port), bus)
    }
    const deadline = performance.now() + 30_000
    for (;;) {
      const states = await Promise.all(nodes.map(async (node) => String(await node.callBuffer('cluster', 'info'))))
      if (states.every((info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3'))) return
      if (performance.now() > deadline) throw new Error('the cluster did not form in time')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    for (const node of nodes) node.disconnect()
  }
}

function text(reply: unknown): string[] {
  return (reply as Buffer[]).map(String)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('no loopback port is free'))
      })
    })
  })
}

const short = { retention: '1500ms', dedupeFor: '2s', pushAgain: '400ms' } as const

async function clusterSubject(options: RedisStoreOptions): Promise<StoreSubject> {
  const prefix = `t${randomBytes(6).toString('hex')}`
  const open = async (): Promise<StoreParts> => redis({ client, prefix, ...short, ...options }).open(realContext)
  const [parts, peer] = await Promise.all([open(), open()])
  const now = async (): Promise<number> => parts.state.now()
  const close = async (): Promise<void> => {
    await Promise.all([parts.close(), peer.close()])
  }
  return { ...parts, peer, timing, now, advance: waitingAdvance(now), close }
}

const cases = [...ledgerCases, ...stateCases, ...historyCases]

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

/** Moves a slot with all that is in it from one node to another, some keys at a time, as an operator's tool does. */
async function moveSlot(slot: number): Promise<number> {
  const nodes = servers.map(({ url }) => ({ port: Number(new URL(url).port), node: new Redis(url) }))
  try {
    const ids = await Promise.all(nodes.map(async ({ node }) => String(await node.callBuffer('cluster', 'myid'))))
    const owner = Math.min(
      2,
      nodes.findIndex((_, index) => slot < Math.floor((slots * (index + 1)) / nodes.length)),
    )
    const [from, to] = [owner, (owner + 1) % nodes.length]
    const [source, target] = [nodes[from], nodes[to]]
    if (source === undefined || target === undefined) throw new Error('there are three nodes')
    await target.node.callBuffer('cluster', 'setslot', slot, 'importing', ids[from] ?? '')
    await source.node.callBuffer('cluster', 'setslot', slot, 'migrating', ids[to] ?? '')
    let moved = 0
    for (;;) {
      const keys = (await source.node.callBuffer('cluster', 'getkeysinslot', slot, 20)) as Buffer[]
      if (keys.length === 0) break
      await source.node.callBuffer('migrate', '127.0.0.1', target.port, '', 0, 5_000, 'KEYS', ...keys)
      moved += keys.length
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    for (const { node } of [target, source]) await node.callBuffer('cluster', 'setslot', slot, 'node', ids[to] ?? '')
    return moved
  } finally {
    for (const { node } of nodes) node.disconnect()
  }
}

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
      const slot = Number(await client.callBuffer('cluster', 'keyslot', `{${prefix}}`))
      const moved = await moveSlot(slot).finally(() => (state.moving = false))
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
