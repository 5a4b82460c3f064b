import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import type { PoolSubject } from '../subject.js'
import { newEnvelope, newEnvelopes, take, takeIds } from './envelopes.js'

export const poolLeaseCases: readonly ConformanceCase<PoolSubject>[] = [
  {
    name: 'lease: what was handed out is not handed out to another one',
    promise: 'What was answered is leased until `ack`, or until the pool’s lease runs out.',
    async run(subject) {
      await subject.pool.push(newEnvelopes('e', 3))
      assert.equal((await take(subject, 2)).length, 2)
      const other = subject.peer === undefined ? subject : { ...subject, pool: subject.peer.pool }
      assert.equal((await take(other, 2)).length, 1)
    },
  },
  {
    name: 'lease: what is not acked is handed out again',
    promise: 'What is not acked within the lease is handed out again.',
    async run(subject) {
      const { pool, timing, advance } = subject
      await pool.push([newEnvelope('a'), newEnvelope('b')])
      const [first] = await take(subject, 2)
      assert(first !== undefined)
      await pool.ack([first])
      await advance(timing.poolLeaseMs)
      const again = await takeIds(subject, 2)
      assert.deepEqual(
        again,
        ['a', 'b'].filter((id) => id !== first.id),
      )
    },
  },
  {
    name: 'lease: again and again',
    promise: 'What is not acked within the lease is handed out again.',
    async run(subject) {
      const { pool, timing, advance } = subject
      const envelope = newEnvelope('a')
      await pool.push([envelope])
      for (let times = 0; times < 3; times += 1) {
        assert.deepEqual(await take(subject, 1), [envelope])
        await advance(timing.poolLeaseMs)
      }
      const last = await take(subject, 1)
      await pool.ack(last)
      await advance(timing.poolLeaseMs)
      assert.deepEqual(await takeIds(subject, 1), [])
    },
  },
  {
    name: 'ack: what is acked does not come back',
    promise: 'Leased until `ack`.',
    async run(subject) {
      const { pool, timing, advance } = subject
      await pool.push(newEnvelopes('e', 3))
      await pool.ack(await take(subject, 3))
      await advance(timing.poolLeaseMs)
      assert.deepEqual(await takeIds(subject, 3), [])
    },
  },
  {
    name: 'ack: after the lease it is no error',
    promise: 'An ack after that is no error.',
    async run(subject) {
      const { pool, timing, advance } = subject
      await pool.push([newEnvelope('a')])
      const taken = await take(subject, 1)
      await advance(timing.poolLeaseMs)
      await pool.ack(taken)
      await pool.ack(taken)
      await pool.ack([newEnvelope('nothing')])
      await pool.ack([])
    },
  },
  {
    name: 'renew: keeps what is still worked on',
    promise: 'Renews the pool’s own lease of what is still being worked on.',
    async run(subject) {
      const { pool, timing, advance } = subject
      await pool.push([newEnvelope('a')])
      const taken = await take(subject, 1)
      for (let times = 0; times < 5; times += 1) {
        await advance(Math.ceil(timing.poolLeaseMs * 0.4))
        await pool.renew(taken)
      }
      assert.deepEqual(await takeIds(subject, 1), [])
    },
  },
  {
    name: 'renew: unknown ones are passed over',
    promise: 'Unknown ones are passed over.',
    async run(subject) {
      const { pool, timing, advance } = subject
      await pool.push([newEnvelope('a'), newEnvelope('b')])
      const [first, second] = await take(subject, 2)
      assert(first !== undefined && second !== undefined)
      await pool.ack([first])
      await advance(Math.ceil(timing.poolLeaseMs * 0.6))
      await pool.renew([newEnvelope('nothing'), first, second])
      await advance(Math.ceil(timing.poolLeaseMs * 0.6))
      assert.deepEqual(await takeIds(subject, 2), [])
    },
  },
]
