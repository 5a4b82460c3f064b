import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { poolCases, runCase, waitingAdvance } from '@reachkit/testing'
import type { PoolSubject } from '@reachkit/testing'
import { redisUrl } from '../../../test/support/servers/index.js'
import type { RedisSpace } from '../../../test/support/servers/index.js'
import { redis } from '../src/index.js'
import { realContext } from './redis-subject.js'

let space: RedisSpace
beforeAll(async () => {
  space = await redisUrl()
})
afterAll(async () => {
  await space.drop()
})

async function poolSubject(): Promise<PoolSubject> {
  const prefix = `${space.prefix}.${randomBytes(4).toString('hex')}`
  const open = async () => redis({ url: space.url, prefix, poolLease: '2s' }).open(realContext)
  const [one, other] = await Promise.all([open(), open()])
  if (one.pool === undefined || other.pool === undefined) throw new Error('the store has a pool')
  const now = async (): Promise<number> => one.state.now()
  return {
    pool: one.pool,
    peer: { pool: other.pool },
    timing: { shortMs: 300, poolLeaseMs: 2_000, noticeMs: 150 },
    now,
    advance: waitingAdvance(now),
    close: async () => {
      await Promise.all([one.close(), other.close()])
    },
  }
}

describe('the own pool of the redis store', () => {
  test.concurrent.each(poolCases.map((wanted) => [wanted.name, wanted] as const))(
    '%s',
    async (_name, wanted) => {
      const notOwed: string[] = []
      await runCase(wanted, poolSubject, (why) => notOwed.push(why))
      expect(notOwed).toEqual([])
    },
    30_000,
  )

  it('hands out at once what is pushed while it is leased: whoever had it may be dead', async () => {
    const parts = await redis({ url: space.url, prefix: `${space.prefix}.again`, poolLease: '30s' }).open(realContext)
    const { pool } = parts
    if (pool === undefined) throw new Error('the store has a pool')
    const cargo = { kind: 'messages', parcel: 'p1', positions: [0], steps: [0] } as const
    const envelope = { id: 'e1', schema: 1, tenant: 'acme', lane: 'P2', due: 0, weight: 1, cargo } as const
    const consumer = pool.consume('P2')
    await pool.push([envelope])
    expect(await consumer.next(1, AbortSignal.timeout(5_000))).toEqual([envelope])
    await pool.push([envelope])
    expect(await consumer.next(1, AbortSignal.timeout(5_000))).toEqual([envelope])
    await pool.ack([envelope])
    expect((await pool.depth()).filter(({ waiting, leased }) => waiting + leased > 0)).toEqual([])
    await parts.close()
  })

  it('is left out where another one is given', async () => {
    const parts = await redis({ url: space.url, prefix: space.prefix }).open({ ...realContext, otherPool: true })
    expect(parts.pool).toBeUndefined()
    await parts.close()
  })
})
