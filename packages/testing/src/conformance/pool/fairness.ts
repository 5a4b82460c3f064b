import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import type { PoolSubject } from '../subject.js'
import { newEnvelopes, take } from './envelopes.js'

interface Share {
  readonly weight: number
  readonly pushed: number
}
type Shares = Readonly<Record<string, Share>>

const windowLength = 1_000

async function push({ pool }: PoolSubject, tenant: string, { weight, pushed }: Share): Promise<void> {
  await pool.push(newEnvelopes(tenant, pushed, { tenant, weight }))
}

/** Claims so many and acks each; answers whose they were, in order. */
async function claims(subject: PoolSubject, wanted: number): Promise<readonly string[]> {
  const order: string[] = []
  while (order.length < wanted) {
    const envelopes = await take(subject, 10)
    assert(envelopes.length > 0, `the lane was empty after ${order.length} claims`)
    await subject.pool.ack(envelopes)
    order.push(...envelopes.map(({ tenant }) => tenant))
  }
  return order
}

/** Fails where a share that waits gets less than half of its weighted part of any 1,000 claims. */
function assertFair(order: readonly string[], shares: Shares): void {
  const weights = Object.values(shares).reduce((sum, { weight }) => sum + weight, 0)
  for (let start = 0; start + windowLength <= order.length; start += 50) {
    const end = start + windowLength
    for (const [tenant, { weight, pushed }] of Object.entries(shares)) {
      if (count(order.slice(0, end), tenant) === pushed) continue
      const got = count(order.slice(start, end), tenant)
      const least = (windowLength * weight) / weights / 2
      assert(got >= least, `${tenant} waits and got ${got} of claims ${start} to ${end}; at least ${least} are its due`)
    }
  }
}

function count(order: readonly string[], tenant: string): number {
  return order.filter((one) => one === tenant).length
}

const promise = 'Over any 1,000 claims of a lane, each share that waits gets at least half of its weighted part.'

export const fairnessCases: readonly ConformanceCase<PoolSubject>[] = [
  {
    name: 'fairness: equal weights',
    promise,
    async run(subject) {
      const shares = { one: { weight: 1, pushed: 1_000 }, two: { weight: 1, pushed: 1_000 } }
      for (const [tenant, share] of Object.entries(shares)) await push(subject, tenant, share)
      assertFair(await claims(subject, 1_400), shares)
    },
  },
  {
    name: 'fairness: weights of 3 and 1',
    promise,
    async run(subject) {
      const shares = { light: { weight: 1, pushed: 1_000 }, heavy: { weight: 3, pushed: 1_500 } }
      for (const [tenant, share] of Object.entries(shares)) await push(subject, tenant, share)
      assertFair(await claims(subject, 1_400), shares)
    },
  },
  {
    // Against one other share an equal part is always half of the weighted one; against two it is not.
    name: 'fairness: a weight of 8 against two of 1',
    promise,
    async run(subject) {
      const shares = {
        b: { weight: 1, pushed: 800 },
        c: { weight: 1, pushed: 800 },
        heavy: { weight: 8, pushed: 1_500 },
      }
      for (const [tenant, share] of Object.entries(shares)) await push(subject, tenant, share)
      assertFair(await claims(subject, 1_400), shares)
    },
  },
  {
    name: 'fairness: a flood of one does not hold up the others',
    promise,
    async run(subject) {
      const shares = {
        flood: { weight: 1, pushed: 3_000 },
        b: { weight: 1, pushed: 500 },
        c: { weight: 1, pushed: 500 },
      }
      for (const [tenant, share] of Object.entries(shares)) await push(subject, tenant, share)
      assertFair(await claims(subject, 1_400), shares)
    },
  },
  {
    name: 'fairness: who comes late catches up on nothing',
    promise,
    async run(subject) {
      const early = { weight: 1, pushed: 2_200 }
      await push(subject, 'early', early)
      await claims(subject, 900)
      const late = { weight: 1, pushed: 1_300 }
      await push(subject, 'late', late)
      assertFair(await claims(subject, 1_400), { early: { weight: 1, pushed: 1_300 }, late })
    },
  },
]
