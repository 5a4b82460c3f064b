import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isReachError } from '@reachkit/core/spec'
import { startOwnRedis } from '../../../test/support/servers/index.js'
import { redis } from '../src/index.js'
import type { RedisClient, RedisStoreOptions } from '../src/index.js'
import { realContext } from './redis-subject.js'

const { Redis } = createRequire(import.meta.url)('ioredis') as { Redis: new (url: string) => RedisClient }

async function openingError(options: RedisStoreOptions): Promise<unknown> {
  try {
    const parts = await redis(options).open(realContext)
    await parts.close()
    return undefined
  } catch (error) {
    return error
  }
}

async function onServer(settings: Record<string, string>, test: (url: string) => Promise<void>): Promise<void> {
  const server = await startOwnRedis({ settings })
  try {
    await test(server.url)
  } finally {
    await server.stop()
  }
}

describe('options', () => {
  it.each([
    ['nothing', {}],
    ['both url and client', { url: 'redis://127.0.0.1', client: { callBuffer: () => {}, status: 'ready' } }],
    ['no address', { url: 'http://127.0.0.1:6379' }],
    ['no client', { client: {} }],
    ['an unknown option', { url: 'redis://127.0.0.1', retenton: '1h' }],
    ['a prefix with a brace', { url: 'redis://127.0.0.1', prefix: 'a{b' }],
    ['an unknown isolation', { url: 'redis://127.0.0.1', isolate: 'line' }],
    ['a duration without a unit', { url: 'redis://127.0.0.1', retention: '10' }],
    ['a duration of nothing', { url: 'redis://127.0.0.1', dedupeFor: '0s' }],
    ['a text for a flag', { url: 'redis://127.0.0.1', durable: 'yes' }],
  ])('%s is refused at once', (_, options) => {
    let thrown: unknown
    try {
      redis(options as RedisStoreOptions)
    } catch (error) {
      thrown = error
    }
    expect(isReachError(thrown, 'REACH_OPTION_INVALID')).toBe(true)
  })

  it.each([undefined, 7, null])('%s is no store', (given) => {
    expect(() => redis(given as never)).toThrow('REACH_OPTION_INVALID')
  })
})

describe('opening', () => {
  it.each([
    ['no append-only file', { appendonly: 'no' }, 'appendonly is off'],
    ['an append-only file that is never synced', { appendfsync: 'no' }, 'appendfsync is no'],
    ['eviction', { 'maxmemory-policy': 'allkeys-lru' }, 'maxmemory-policy evicts'],
  ])('a server with %s is refused, unless durable is false', async (_, settings, why) => {
    await onServer(settings, async (url) => {
      const error = await openingError({ url })
      expect(isReachError(error, 'REACH_OPTION_INVALID')).toBe(true)
      expect((error as Error).message).toContain(why)
      const parts = await redis({ url, durable: false }).open(realContext)
      expect(parts.ledger.capabilities.durable).toBe(false)
      await parts.close()
    })
  })

  it.each([
    ['no password', ''],
    ['a wrong password', 'default:wr0ng-secret@'],
  ])('%s is refused, and never told', async (_, login) => {
    await onServer({ requirepass: 'right-secret' }, async (url) => {
      const error = await openingError({ url: url.replace('redis://', `redis://${login}`) })
      expect(isReachError(error, 'REACH_STORE_UNAVAILABLE')).toBe(true)
      expect(inspect(error, { depth: 10 })).not.toContain('secret')
    })
  })

  it('a user without permission for scripts is refused', async () => {
    await onServer({}, async (url) => {
      const admin = new Redis(url)
      await admin.callBuffer('acl', 'setuser', 'poor', 'on', 'nopass', '~*', '&*', '+@all', '-@scripting')
      admin.disconnect()
      const error = await openingError({ url: url.replace('redis://', 'redis://poor:any@') })
      expect(isReachError(error, 'REACH_STORE_UNAVAILABLE')).toBe(true)
      expect((error as Error).message).toContain('permission')
    })
  })

  it('nobody there is told of within seconds', async () => {
    const error = await openingError({ url: 'redis://127.0.0.1:1' })
    expect(isReachError(error, 'REACH_STORE_UNAVAILABLE')).toBe(true)
  })
})
