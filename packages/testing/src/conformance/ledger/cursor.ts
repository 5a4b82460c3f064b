import assert from 'node:assert/strict'
import type { Acceptance, Ledger, NewParcel, RunRecord } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { allPending } from './one-entry.js'
import { digestOf, newMessage, newMessages, newParcel } from './parcels.js'
import { begunRun, pageOf } from './plans.js'
import { absent, accept, record, work } from './work.js'

const keyed = newMessage({ digest: digestOf('key') })

function page(id: string, run: RunRecord, to: string, over: Partial<NewParcel> = {}): NewParcel {
  return pageOf(run, id, [keyed], to, over)
}

async function acceptPage(ledger: Ledger, parcel: NewParcel): Promise<Acceptance['status']> {
  return only(await ledger.accept([parcel])).status
}

export const cursorCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'cursor: moves in the step that accepts the page',
    promise: 'The cursor moves in the same atomic step as `accept`.',
    async run({ ledger, now }) {
      const run = await begunRun(ledger, await now())
      assert.equal(await acceptPage(ledger, page('a', run, 'page-2')), 'accepted')
      assert.deepEqual(await ledger.run(run.id), { ...run, cursor: 'page-2' })
    },
  },
  {
    name: 'cursor: the messages of a page are of the run',
    promise: 'Its messages are of that run from then on.',
    async run({ ledger, peer, now }) {
      const run = await begunRun(ledger, await now())
      const parcel = await accept(ledger, pageOf(run, 'a', newMessages(2), 'page-2'))
      const other = await accept(ledger, newParcel('b', [newMessage()]))
      await accept(ledger, page('c', { ...run, cursor: 'page-2' }, 'end'))
      for (const one of [ledger, peer?.ledger ?? ledger])
        assert.deepEqual([(await record(one, 'a', 1)).run, (await record(one, 'b')).run], [run.id, undefined])
      const claimed = [...(await work(ledger, parcel)).claim.messages, ...(await work(ledger, other)).claim.messages]
      assert.deepEqual(
        claimed.map((message) => message.run),
        [run.id, run.id, undefined],
      )
    },
  },
  {
    name: 'cursor: a page from another place changes nothing',
    promise: 'Moves the cursor of a run in the same step, or changes nothing where it is not at `from`.',
    async run({ ledger, now }) {
      const run = await begunRun(ledger, await now())
      await acceptPage(ledger, page('a', run, 'page-2', { messages: [newMessage()] }))
      const entries = (await allPending(ledger)).length
      assert.equal(await acceptPage(ledger, page('b', run, 'page-9')), 'cursor-moved')
      assert.equal((await ledger.run(run.id))?.cursor, 'page-2')
      assert.equal((await allPending(ledger)).length, entries)
      await absent(ledger, 'b')
      assert.deepEqual(only(await ledger.accept([newParcel('c', [keyed])])).deduplicated, [false], 'no digest is kept')
    },
  },
  {
    name: 'cursor: a refused page does not stop the others of its call',
    promise: 'Each parcel is one atomic step of its own.',
    async run({ ledger, now }) {
      const run = await begunRun(ledger, await now())
      const wrong = page('a', { ...run, cursor: 'elsewhere' }, 'page-2')
      const answers = await ledger.accept([wrong, newParcel('b', [newMessage()])])
      assert.deepEqual(
        answers.map(({ status }) => status),
        ['cursor-moved', 'accepted'],
      )
    },
  },
  {
    name: 'cursor: a page that is accepted again is known',
    promise: 'A second accept of the same id changes nothing and answers as the first one did.',
    async run({ ledger, now }) {
      const run = await begunRun(ledger, await now())
      const first = page('a', run, 'page-2')
      await accept(ledger, first)
      await acceptPage(ledger, page('b', { ...run, cursor: 'page-2' }, 'page-3'))
      assert.equal(await acceptPage(ledger, first), 'known')
      assert.equal((await ledger.run(run.id))?.cursor, 'page-3')
    },
  },
  {
    name: 'cursor: the last page removes the run’s entry',
    promise: 'The last page: the run’s entry is removed.',
    async run({ ledger, now }) {
      const run = await begunRun(ledger, await now())
      const cursor = { run: run.id, from: run.cursor, to: 'end', done: true }
      await accept(ledger, newParcel('a', [], { entries: [], cursor }))
      const runs = (await allPending(ledger)).filter(({ cargo }) => cargo.kind === 'run')
      assert.deepEqual(runs, [])
      assert.deepEqual(await ledger.run(run.id), { ...run, cursor: 'end', done: true })
    },
  },
  {
    name: 'cursor: of a run that is not there',
    promise: 'Moves the cursor of a run in the same step, or changes nothing where it is not at `from`.',
    async run({ ledger }) {
      const nobody = { id: 'nobody', task: 't', key: 'k', part: '', instant: 0, revision: 1, cursor: '', done: false }
      assert.equal(await acceptPage(ledger, page('a', nobody, 'page-2')), 'cursor-moved')
      await absent(ledger, 'a')
    },
  },
  {
    name: 'cursor: of two pages at once, one moves it',
    promise: 'Each parcel is one atomic step of its own.',
    async run({ ledger, peer, now }) {
      const run = await begunRun(ledger, await now())
      const ledgers = [ledger, peer?.ledger ?? ledger]
      const pages = ledgers.map((one, index) => acceptPage(one, page(`p${index}`, run, 'page-2')))
      assert.deepEqual((await Promise.all(pages)).toSorted(), ['accepted', 'cursor-moved'])
    },
  },
]
