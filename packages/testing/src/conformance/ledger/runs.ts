import assert from 'node:assert/strict'
import type { Cargo, Ledger } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { allPending } from './one-entry.js'
import { envelopeOf } from './parcels.js'
import { allTasks, begunRun, firingOf, newRun, newTask, savedTask } from './plans.js'
import { claimStatus, tryClaim } from './work.js'

async function cargoes(ledger: Ledger): Promise<readonly Cargo[]> {
  return (await allPending(ledger)).map(({ cargo }) => cargo)
}

/** The longest key that there is, and a part that is no plain text. */
const inZone = newRun({ key: 'Größe '.padEnd(200, '🕙').slice(0, 200), part: '{"zone":"Asia/Shanghai"}' })

export const runCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'beginRun: inserts the run and its entry',
    promise:
      'One firing: if the task is at this revision, inserts the runs under unique (task, key) with a pending entry each.',
    async run({ ledger, now }) {
      const task = await savedTask(ledger, { next: await now() })
      const answer = await ledger.beginRun(firingOf(task, { lane: 'P3', runs: [inZone] }))
      assert.equal(answer.status, 'begun')
      const { key, part } = inZone
      const expected = { task: 'task-1', key, part, instant: task.next, revision: 1, cursor: '', done: false }
      assert.deepEqual(await ledger.run('run-1'), { id: 'run-1', ...expected })
      const entry = only((await allPending(ledger)).filter(({ cargo }) => cargo.kind === 'run'))
      assert.deepEqual([entry.cargo, entry.lane, entry.tenant], [{ kind: 'run', run: 'run-1' }, 'P3', 'acme'])
      const claim = await tryClaim(ledger, envelopeOf(entry))
      assert(claim.status === 'claimed' && claim.messages.length === 0, 'a run’s entry can be claimed at once')
      if (!ledger.capabilities.pool)
        assert.deepEqual(
          answer.envelopes.map(({ id }) => id),
          [entry.id],
        )
    },
  },
  {
    name: 'beginRun: writes the entry of the next firing',
    promise: 'Moves the task’s next firing on, with its entry.',
    async run({ ledger, now }) {
      const task = await savedTask(ledger, { next: await now() })
      const next = (await now()) + 60_000
      const answer = await ledger.beginRun(firingOf(task, { next }))
      const cargo = { kind: 'firing', task: 'task-1', instant: next, revision: 1 }
      const firing = only(
        (await allPending(ledger)).filter((entry) => entry.cargo.kind === 'firing' && entry.due === next),
      )
      assert.deepEqual([firing.cargo, firing.tenant], [cargo, 'acme'])
      assert.equal(only(await allTasks(ledger)).next, next)
      if (!ledger.capabilities.pool)
        assert.deepEqual(answer.envelopes.map((envelope) => envelope.cargo.kind).toSorted(), ['firing', 'run'])
    },
  },
  {
    name: 'beginRun: the last firing has no next one',
    promise: 'next: undefined for none.',
    async run({ ledger, now }) {
      const instant = await now()
      await begunRun(ledger, instant)
      const later = (await cargoes(ledger)).filter((cargo) => cargo.kind === 'firing' && cargo.instant !== instant)
      assert.deepEqual(later, [])
      assert.equal(only(await allTasks(ledger)).next, undefined)
    },
  },
  {
    name: 'beginRun: a firing that was begun exists',
    promise: 'A run whose key is there is passed over; `exists`: all of them are, none was begun.',
    async run({ ledger, now }) {
      const instant = await now()
      const run = await begunRun(ledger, instant)
      const before = await cargoes(ledger)
      const again = firingOf(newTask({ next: instant }), { runs: [newRun({ id: 'run-2' })], next: instant + 60_000 })
      assert.deepEqual(await ledger.beginRun(again), { status: 'exists', envelopes: [] })
      assert.equal((await ledger.beginRun({ ...again, runs: [newRun()] })).status, 'exists')
      assert.equal(await ledger.run('run-2'), undefined)
      assert.deepEqual(await ledger.run('run-1'), run)
      assert.deepEqual(await cargoes(ledger), before)
    },
  },
  {
    name: 'beginRun: a firing of an edited task is stale',
    promise: '`stale`: the task was edited.',
    async run({ ledger, now }) {
      const task = await savedTask(ledger, { next: await now() })
      await savedTask(ledger, { revision: 2 })
      const before = await cargoes(ledger)
      assert.deepEqual(await ledger.beginRun(firingOf(task)), { status: 'stale', envelopes: [] })
      assert.equal((await ledger.beginRun(firingOf({ ...task, id: 'nothing' }))).status, 'stale')
      assert.equal(await ledger.run('run-1'), undefined)
      assert.deepEqual(await cargoes(ledger), before)
    },
  },
  {
    name: 'beginRun: of many at once, one begins',
    promise: 'Unique (task, key), in one atomic step.',
    async run({ ledger, peer, now }) {
      const task = await savedTask(ledger, { next: await now() })
      const ledgers = [ledger, peer?.ledger ?? ledger, ledger]
      const begins = ledgers.map((one, index) =>
        one.beginRun(firingOf(task, { runs: [newRun({ id: `run-${index}` })] })),
      )
      const statuses = (await Promise.all(begins)).map(({ status }) => status)
      assert.deepEqual(statuses.toSorted(), ['begun', 'exists', 'exists'])
    },
  },
  {
    name: 'firing: is claimed when it is due, not before',
    promise: 'Writes the entry of its next firing.',
    async run({ ledger, now, advance, timing }) {
      await savedTask(ledger, { next: (await now()) + timing.shortMs })
      const firing = only(await allPending(ledger))
      assert.equal(await claimStatus(ledger, firing), 'not-due')
      await advance(timing.shortMs)
      assert.equal(await claimStatus(ledger, firing), 'claimed')
    },
  },
  {
    name: 'run: undefined where there is none',
    promise: 'run(id): the record, or undefined.',
    async run({ ledger, now }) {
      const run = await begunRun(ledger, await now())
      assert.deepEqual(await ledger.run(run.id), run)
      assert.equal(await ledger.run('nothing'), undefined)
    },
  },
]
