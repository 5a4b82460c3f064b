import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import type { PoolSubject } from '../subject.js'
import { newEnvelope, newEnvelopes, take, takeIds } from './envelopes.js'

export const pushCases: readonly ConformanceCase<PoolSubject>[] = [
  {
    name: 'push: an id that waits already does not wait twice',
    promise: 'A push of an id that is waiting already does not wait twice.',
    async run(subject) {
      const { pool, peer, timing } = subject
      const due = (await subject.now()) + timing.shortMs
      const envelopes = [newEnvelope('now'), newEnvelope('later', { due })]
      await pool.push([...envelopes, ...envelopes])
      await (peer?.pool ?? pool).push(envelopes)
      await subject.advance(timing.shortMs)
      assert.deepEqual(await takeIds(subject, 6), ['later', 'now'])
    },
  },
  {
    name: 'push: after its ack it is a new one',
    promise: 'A push after its ack is a new one.',
    async run(subject) {
      const { pool } = subject
      for (let times = 0; times < 3; times += 1) {
        await pool.push([newEnvelope('a')])
        const taken = await take(subject, 1)
        assert.deepEqual(taken, [newEnvelope('a')])
        await pool.ack(taken)
      }
    },
  },
  {
    name: 'push: many at once, none is lost or doubled',
    promise: 'Hands due envelopes to workers.',
    async run(subject) {
      const { pool, peer } = subject
      const pools = [pool, peer?.pool ?? pool]
      await Promise.all(pools.map((one, index) => one.push(newEnvelopes(`p${index}`, 300))))
      await pool.push([])
      const ids = await takeIds(subject, 600, { max: 50 })
      assert.equal(new Set(ids).size, 600)
      assert.deepEqual(await takeIds(subject, 1), [])
    },
  },
]
