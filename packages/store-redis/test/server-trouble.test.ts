import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { isReachError, messageId } from '@reachkit/core/spec'
import type { NewParcel } from '@reachkit/core/spec'
import { startOwnRedis } from '../../../test/support/servers/index.js'
import { redis } from '../src/index.js'
import { digestsOf, newParcel, only, sendAll } from './parcels.js'
import { realContext } from './redis-subject.js'

interface Admin {
  config(set: 'SET', name: string, value: string): Promise<unknown>
  keys(pattern: string): Promise<string[]>
  quit(): Promise<unknown>
}
const { Redis } = createRequire(import.meta.url)('ioredis') as { Redis: new (url: string) => Admin }

function bulky(name: string): NewParcel {
  return newParcel({ digests: digestsOf(name, 100), data: JSON.stringify(randomBytes(600).toString('base64')) })
}

describe('maxmemory', () => {
  it('refuses what is new with its code, writes nothing by halves, and lets the rest go on', async () => {
    const server = await startOwnRedis({ settings: { maxmemory: '8mb' } })
    const admin = new Redis(server.url)
    const parts = await redis({ url: server.url, compress: false }).open(realContext)
    const { ledger, state } = parts
    try {
      const accepted: NewParcel[] = []
      let refused: NewParcel | undefined
      let error: unknown
      for (let round = 0; refused === undefined && round < 1_000; round += 1) {
        const parcel = bulky(`r${round}`)
        try {
          await ledger.accept([parcel])
          accepted.push(parcel)
        } catch (thrown) {
          refused = parcel
          error = thrown
        }
      }
      expect(isReachError(error, 'REACH_STORE_FULL')).toBe(true)
      if (refused === undefined) throw new Error('the server was never full')
      // Far below what is used, so that nothing hangs on a buffer that comes and goes.
      await admin.config('SET', 'maxmemory', '1mb')
      await expect(state.count([{ key: 'a', by: 1, ttlMs: 1_000 }])).rejects.toThrow('REACH_STORE_FULL')
      expect((await admin.keys(`*${refused.id}*`)).length).toBe(0)
      expect(await ledger.get([messageId(refused.id, 0)])).toEqual([undefined])
      const [first] = accepted
      if (first === undefined) throw new Error('nothing was accepted')
      expect(await sendAll(ledger, first), 'work goes on').toHaveLength(100)
      await admin.config('SET', 'maxmemory', '0')
      const again = only(await ledger.accept([{ ...refused, id: `${refused.id}x`, entries: [] }]))
      expect(again.deduplicated.includes(true), 'no digest of it was kept').toBe(false)
    } finally {
      await Promise.all([parts.close(), admin.quit()])
      await server.stop()
    }
  }, 60_000)
})

describe('a server that is killed', () => {
  it('has what was accepted when it is back, and does not know the scripts', async () => {
    const server = await startOwnRedis()
    const parts = await redis(server.url).open(realContext)
    const { ledger } = parts
    try {
      const parcels = Array.from({ length: 5 }, (_, index) => newParcel({ digests: digestsOf(`k${index}`, 20) }))
      await ledger.accept(parcels)
      await server.restart?.('SIGKILL')
      const retried = async (): Promise<unknown> => ledger.pending({}, 10).catch(async () => ledger.pending({}, 10))
      await retried()
      const found = await ledger.get(parcels.map(({ id }) => messageId(id, 19)))
      expect(found.every((message) => message?.state === 'waiting')).toBe(true)
      expect((await ledger.accept(parcels)).map(({ status }) => status)).toEqual(parcels.map(() => 'known'))
      const doubled = parcels.map((parcel) => ({ ...parcel, id: `${parcel.id}x`, entries: [] }))
      const answers = await ledger.accept(doubled)
      expect(answers.every(({ deduplicated }) => deduplicated.every(Boolean))).toBe(true)
      for (const parcel of parcels) expect(await sendAll(ledger, parcel)).toHaveLength(20)
    } finally {
      await parts.close()
      await server.stop()
    }
  }, 60_000)

  it('is told of with a code while it is away', async () => {
    const server = await startOwnRedis()
    const parts = await redis(server.url).open(realContext)
    const { ledger } = parts
    await server.stop()
    const error: unknown = await ledger.accept([newParcel()]).catch((thrown: unknown) => thrown)
    expect(isReachError(error, 'REACH_STORE_UNAVAILABLE')).toBe(true)
    await parts.close()
  }, 60_000)
})
