import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import { soon } from '../soon.js'
import type { PoolSubject } from '../subject.js'
import { newEnvelope, newEnvelopes, nextWithin, take, takeIds } from './envelopes.js'

export const handingOutCases: readonly ConformanceCase<PoolSubject>[] = [
  {
    name: 'push: comes out as it went in',
    promise: 'Envelope: what travels.',
    async run(subject) {
      const due = (await subject.now()) - 1_000
      const envelopes = [
        newEnvelope('a', { tenant: 'Ünïcode', weight: 2.5, due }),
        newEnvelope('b', { cargo: { kind: 'firing', task: 't', instant: due, revision: 3 } }),
        newEnvelope('c', { cargo: { kind: 'run', run: 'r' } }),
      ]
      await subject.pool.push(envelopes)
      const taken = (await take(subject, 3)).toSorted((one, other) => (one.id < other.id ? -1 : 1))
      assert.deepEqual(taken, envelopes)
    },
  },
  {
    name: 'due: not handed out before',
    promise: 'An envelope is not handed out before it is due.',
    async run(subject) {
      const { pool, now, timing } = subject
      await pool.push([newEnvelope('later', { due: (await now()) + timing.noticeMs * 2 + 60_000 }), newEnvelope('now')])
      assert.deepEqual(await takeIds(subject, 2), ['now'])
    },
  },
  {
    name: 'due: handed out when it is due',
    promise: 'Waits until envelopes of this lane are due.',
    async run(subject) {
      const { pool, now, timing } = subject
      const due = (await now()) + timing.shortMs
      await pool.push([newEnvelope('a', { due })])
      assert.deepEqual(await takeIds(subject, 1, { waitMs: timing.shortMs }), ['a'])
      assert((await now()) >= due)
    },
  },
  {
    name: 'due: many who wait for later hold up nobody',
    promise: 'Waits until envelopes of this lane are due.',
    async run(subject) {
      const { pool, peer, now, timing } = subject
      const due = (await now()) + timing.noticeMs * 2 + 30_000
      const tenants = Array.from({ length: 40 }, (_, index) => `t${index}`)
      await pool.push(tenants.map((tenant) => newEnvelope(`later-${tenant}`, { tenant, due })))
      await pool.push([newEnvelope('now', { tenant: 'u' })])
      const consumer = (peer?.pool ?? pool).consume('P2')
      const taken = await nextWithin(subject, consumer, 1, timing.noticeMs)
      assert.deepEqual(
        taken.map(({ id }) => id),
        ['now'],
      )
    },
  },
  {
    name: 'next: wakes up for what is pushed',
    promise: 'Waits until envelopes of this lane are due.',
    async run(subject) {
      const { pool, peer, timing, advance } = subject
      const consumer = pool.consume('P1')
      const answer = nextWithin(subject, consumer, 5, timing.noticeMs + timing.shortMs)
      await advance(1)
      await (peer?.pool ?? pool).push([newEnvelope('a', { lane: 'P1' })])
      assert.deepEqual(
        (await answer).map(({ id }) => id),
        ['a'],
      )
    },
  },
  {
    name: 'next: answers no more than it is asked for',
    promise: 'Answers 1 to `max` of them.',
    async run(subject) {
      await subject.pool.push(newEnvelopes('e', 5))
      const consumer = subject.pool.consume('P2')
      const first = await nextWithin(subject, consumer, 2, subject.timing.noticeMs)
      assert(first.length === 1 || first.length === 2, `2 were asked for, ${first.length} came`)
      const rest = await takeIds(subject, 5 - first.length)
      assert.equal(new Set([...first.map(({ id }) => id), ...rest]).size, 5)
    },
  },
  {
    name: 'next: answers none once it is aborted',
    promise: 'Answers none only once the signal is aborted or the pool is closed.',
    async run({ pool, advance, timing }) {
      await pool.push([newEnvelope('a', { lane: 'P3' })])
      assert.deepEqual(await pool.consume('P2').next(5, AbortSignal.abort()), [], 'aborted before')
      const controller = new AbortController()
      let answered = false
      const answer = pool
        .consume('P2')
        .next(5, controller.signal)
        .finally(() => {
          answered = true
        })
      await advance(timing.shortMs)
      assert.equal(answered, false, 'an empty lane is waited for')
      controller.abort()
      assert.deepEqual(await soon(answer, 'an aborted `next`'), [])
    },
  },
  {
    name: 'next: an aborted one takes nothing with it',
    promise: 'What was answered is leased, and nothing else.',
    async run(subject) {
      const { pool, timing } = subject
      const consumer = pool.consume('P2')
      assert.deepEqual(await nextWithin(subject, consumer, 5, timing.noticeMs), [])
      await pool.push([newEnvelope('a')])
      assert.deepEqual(await takeIds(subject, 1), ['a'])
    },
  },
  {
    name: 'close: answers those who wait with none',
    promise: 'Answers none only once the signal is aborted or the pool is closed.',
    async run({ pool, advance }) {
      const { signal } = new AbortController()
      const answers = (['P0', 'P2'] as const).map((lane) => pool.consume(lane).next(5, signal))
      await advance(1)
      await pool.close()
      assert.deepEqual(await soon(Promise.all(answers), '`next` of a closed pool'), [[], []])
      assert.deepEqual(await pool.consume('P2').next(5, signal), [], 'asked after it')
    },
  },
  {
    name: 'lanes: none waits for another',
    promise: 'A lane never waits for another one.',
    async run(subject) {
      const { pool } = subject
      await pool.push(newEnvelopes('bulk', 500, { lane: 'P3' }))
      await pool.push([newEnvelope('urgent', { lane: 'P0' })])
      assert.equal((await take(subject, 100, { lane: 'P3' })).length, 100)
      const urgent = only(await take(subject, 1, { lane: 'P0', max: 10 }))
      assert.equal(urgent.id, 'urgent')
    },
  },
  {
    name: 'lanes: a consumer gets nothing of another lane',
    promise: 'Waits until envelopes of this lane are due.',
    async run(subject) {
      await subject.pool.push((['P0', 'P1', 'P2', 'P3'] as const).map((lane) => newEnvelope(lane, { lane })))
      for (const lane of ['P3', 'P2', 'P1', 'P0'] as const)
        assert.deepEqual(await takeIds(subject, 4, { lane }), [lane])
    },
  },
  {
    name: 'depth: tells what waits and what is leased',
    promise: 'PoolDepth: waiting, leased, and the due time of the oldest one that waits.',
    async run(subject) {
      const { pool, now } = subject
      const due = (await now()) + 3_600_000
      await pool.push([
        ...newEnvelopes('a', 3),
        newEnvelope('b', { tenant: 'other', due }),
        newEnvelope('c', { lane: 'P0' }),
      ])
      const leased = await take(subject, 2)
      const of = async (lane: string, tenant: string) =>
        (await pool.depth()).find((one) => one.lane === lane && one.tenant === tenant)
      const acme = await of('P2', 'acme')
      assert.deepEqual([acme?.waiting, acme?.leased], [1, 2])
      assert((acme?.oldestDue ?? Number.NaN) <= (await now()))
      assert.deepEqual(await of('P2', 'other'), { lane: 'P2', tenant: 'other', waiting: 1, leased: 0, oldestDue: due })
      assert.equal((await of('P0', 'acme'))?.waiting, 1)
      await pool.ack(leased)
      assert.equal((await of('P2', 'acme'))?.leased, 0)
    },
  },
]
