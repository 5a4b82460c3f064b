import assert from 'node:assert/strict'
import type { Ledger, RunRecord } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { eventually } from '../eventually.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { allPending } from './one-entry.js'
import { envelopeOf, newMessage, newParcel, sent } from './parcels.js'
import { begunRun, endRun, firingOf, newRun, newTask, pageOf } from './plans.js'
import { unlessPassed } from './unless-passed.js'
import { absent, accept, record, result, sending, tryClaim } from './work.js'

/** A run that has had its last page; its firing is an entry still. */
async function endedRun({ ledger, now }: LedgerSubject): Promise<RunRecord> {
  const run = await begunRun(ledger, await now())
  const cursor = { run: run.id, from: run.cursor, to: 'end', done: true }
  await accept(ledger, newParcel('a', [newMessage()], { cursor }))
  return run
}

async function donePage(ledger: Ledger, run: RunRecord): Promise<void> {
  const worker = await sending(ledger, pageOf(run, 'a', [newMessage()], 'page-2'))
  await worker.settle([result(0, sent)], { finish: true })
}

async function endFiring(ledger: Ledger): Promise<void> {
  const entry = only((await allPending(ledger)).filter(({ cargo }) => cargo.kind === 'firing'))
  const claim = await tryClaim(ledger, envelopeOf(entry))
  assert(claim.status === 'claimed', 'the firing is to be claimed')
  const { token } = claim
  await ledger.settle([{ entry: entry.id, token, parcel: '', results: [], entries: [], finish: true }])
}

export const runRetentionCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'retention: a run that is done is removed',
    promise: 'Sweep removes what its retention has passed: parcels, and runs that are done.',
    async run(subject) {
      const { ledger, advance, now, timing } = subject
      const before = await now()
      const run = await endedRun(subject)
      await endFiring(ledger)
      await ledger.sweep(1_000)
      await unlessPassed(subject, before, async () =>
        assert.equal((await ledger.run(run.id))?.done, true, 'not before'),
      )
      await advance(timing.retentionMs)
      await eventually(subject, timing.retentionMs, async () => {
        await ledger.sweep(1_000)
        assert.equal(await ledger.run(run.id), undefined)
      })
    },
  },
  {
    name: 'retention: a run that is not done stays',
    promise: 'Sweep removes what its retention has passed: runs that are done.',
    async run({ ledger, now, advance, timing }) {
      const run = await begunRun(ledger, await now())
      await endFiring(ledger)
      for (let times = 0; times < 3; times += 1) {
        await advance(timing.retentionMs)
        await ledger.sweep(1_000)
      }
      assert.deepEqual(await ledger.run(run.id), run)
    },
  },
  {
    name: 'retention: the parcels of a run that is not done stay',
    promise: 'Parcels, but none of a run that is not done.',
    async run({ ledger, now, advance, timing }) {
      const run = await begunRun(ledger, await now())
      await donePage(ledger, run)
      for (let times = 0; times < 3; times += 1) {
        await advance(timing.retentionMs)
        await ledger.sweep(1_000)
      }
      assert.equal((await record(ledger, 'a')).outcome, 'sent')
      assert.deepEqual(await ledger.parcels(run.id, { limit: 10 }), [{ id: 'a', statuses: ['sent'] }])
    },
  },
  {
    name: 'retention: and go once it is',
    promise: 'Sweep removes what its retention has passed: parcels, but none of a run that is not done.',
    async run(subject) {
      const { ledger, now, advance, timing } = subject
      const run = await begunRun(ledger, await now())
      await donePage(ledger, run)
      await advance(timing.retentionMs)
      await ledger.sweep(1_000)
      await endRun(ledger, { ...run, cursor: 'page-2' })
      await eventually(subject, timing.retentionMs * 2, async () => {
        await ledger.sweep(1_000)
        await absent(ledger, 'a')
      })
    },
  },
  {
    name: 'retention: a run whose firing is an entry still stays',
    promise: 'But no run whose firing is still an entry, since that would begin it again.',
    async run(subject) {
      const { ledger, advance, timing } = subject
      const { instant } = await endedRun(subject)
      const another = newRun({ id: 'run-0', key: 'key-0' })
      await ledger.beginRun(firingOf(newTask({ next: instant }), { runs: [another] }))
      await endRun(ledger, { ...another, task: 'task-1', instant, revision: 1, cursor: '', done: false })
      for (let times = 0; times < 3; times += 1) {
        await advance(timing.retentionMs)
        await ledger.sweep(1_000)
      }
      const runs = [newRun({ id: 'run-2' }), newRun({ id: 'run-3', key: 'key-0' })]
      const again = firingOf(newTask({ next: instant }), { runs })
      assert.equal((await ledger.beginRun(again)).status, 'exists')
    },
  },
]
