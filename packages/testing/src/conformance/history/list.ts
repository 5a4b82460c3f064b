import assert from 'node:assert/strict'
import type { HistoryFilter } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { newMessage, newMessages, newParcel } from '../ledger/parcels.js'
import { accept } from '../ledger/work.js'
import { only } from '../only.js'
import type { HistorySubject } from '../subject.js'
import { doneEvent, fed, idsOf, sentEvent, settled, threeMessages } from './feed.js'

/** Filters over the three messages, and whom they find. Those marked may not be refused. */
const filters: readonly { readonly filter: HistoryFilter; readonly ids: readonly string[]; readonly owed?: true }[] = [
  { filter: { ids: ['c.0', 'a.0', 'nothing.0'] }, ids: ['c.0', 'a.0'], owed: true },
  { filter: { recipient: 'ann', tenant: 'acme' }, ids: ['c.0', 'a.0'], owed: true },
  { filter: { tenant: 'other' }, ids: ['b.0'] },
  { filter: { type: 'otp' }, ids: ['b.0'] },
  { filter: { category: 'orders' }, ids: ['a.0'] },
  { filter: { group: 'g-1' }, ids: ['a.0'] },
  { filter: { lane: 'P0' }, ids: ['b.0'] },
  { filter: { channel: 'sms' }, ids: ['b.0'] },
  { filter: { state: 'waiting' }, ids: ['c.0'] },
  { filter: { outcome: 'rejected' }, ids: ['b.0'] },
  { filter: { recipient: 'ann', tenant: 'acme', state: 'done' }, ids: ['a.0'] },
  { filter: { recipient: 'nobody', tenant: 'acme' }, ids: [], owed: true },
]

export const listCases: readonly ConformanceCase<HistorySubject>[] = [
  {
    name: 'list: tells what the ledger accepted and settled',
    promise: 'The store feeds it from what the ledger accepts and settles, at least once and within a second.',
    async run(subject) {
      const { ledger, history } = subject
      const labels = { category: 'orders', group: 'g-1', trigger: 'cart' }
      await settled(ledger, newParcel('a', [newMessage({ labels })]), [sentEvent, doneEvent])
      await fed(subject, async () => {
        const { acceptedAt, ...row } = only((await history.list({ ids: ['a.0'] }, { limit: 10 })).rows)
        assert(Math.abs(acceptedAt - (await ledger.now())) < 60_000)
        const told = { id: 'a.0', tenant: 'acme', type: 'order.paid', recipient: 'user-1', lane: 'P2', labels }
        assert.deepEqual(row, { ...told, state: 'done', outcome: 'sent', reason: undefined, channels: ['email'] })
      })
    },
  },
  {
    name: 'list: tells of a cancel',
    promise: 'The store feeds it from what the ledger accepts and settles.',
    async run(subject) {
      await accept(subject.ledger, newParcel('a', [newMessage()]))
      await subject.ledger.cancel(['a.0'])
      await fed(subject, async () => {
        const { rows } = await subject.history.list({ ids: ['a.0'] }, { limit: 10 })
        const { state, outcome, reason } = only(rows)
        assert.deepEqual({ state, outcome, reason }, { state: 'done', outcome: 'cancelled', reason: 'cancelled' })
      })
    },
  },
  {
    name: 'list: newest first',
    promise: 'Newest first.',
    async run(subject) {
      await threeMessages(subject)
      await fed(subject, async () => {
        assert.deepEqual(await idsOf(subject, { ids: ['a.0', 'b.0', 'c.0'] }), ['c.0', 'b.0', 'a.0'])
      })
    },
  },
  {
    name: 'list: every filter fits, or is refused with its code',
    promise: 'Every field given must fit. A filter that it cannot answer is refused with REACH_QUERY_UNSUPPORTED.',
    async run(subject) {
      await threeMessages(subject)
      await fed(subject, async () => {
        for (const { filter, ids, owed } of filters) {
          const found = await idsOf(subject, filter)
          const message = `the filter by ${Object.keys(filter).join(' and ')}`
          if (owed === true || found !== undefined) assert.deepEqual(found, ids, message)
        }
      })
    },
  },
  {
    name: 'list: from is included, to is not',
    promise: 'Instants are milliseconds since the epoch, `from` included, `to` not.',
    async run(subject) {
      await threeMessages(subject)
      await fed(subject, async () => {
        const { rows } = await subject.history.list({ ids: ['a.0', 'b.0', 'c.0'] }, { limit: 10 })
        const [c = 0, b = 0, a = 0] = rows.map(({ acceptedAt }) => acceptedAt)
        assert.deepEqual(await idsOf(subject, { from: b }), ['c.0', 'b.0'])
        assert.deepEqual(await idsOf(subject, { to: b }), ['a.0'])
        assert.deepEqual(await idsOf(subject, { from: a, to: c }), ['b.0', 'a.0'])
      })
    },
  },
  {
    name: 'list: by pages',
    promise: 'Given back as `after` for the next page; undefined at the end.',
    async run(subject) {
      const { ledger, history, now } = subject
      const from = (await now()) - 1_000
      await accept(ledger, newParcel('a', newMessages(7)))
      await fed(subject, async () => {
        const ids: string[] = []
        let after: string | undefined
        for (let pages = 0; pages < 10; pages += 1) {
          const page = await history.list({ from }, { limit: 3, ...(after !== undefined && { after }) })
          assert(page.rows.length <= 3, 'no more than the limit')
          ids.push(...page.rows.map(({ id }) => id))
          after = page.next
          if (after === undefined) break
        }
        assert.equal(after, undefined, 'the pages end')
        assert.deepEqual(
          ids.toSorted(),
          Array.from({ length: 7 }, (_, position) => `a.${position}`),
        )
      })
    },
  },
]
