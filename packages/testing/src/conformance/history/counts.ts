import assert from 'node:assert/strict'
import type { ConformanceCase } from '../case.js'
import { newMessage, newParcel } from '../ledger/parcels.js'
import type { HistorySubject } from '../subject.js'
import { answered, fed, sentEvent, settled, threeMessages } from './feed.js'

/** What a count over all three messages answers; messages without a value may be counted under a name of the store's. */
const counts = [
  { by: 'type', expected: { 'order.paid': 2, otp: 1 } },
  { by: 'channel', expected: { email: 1, sms: 1 } },
  { by: 'outcome', expected: { sent: 1, rejected: 1 } },
  { by: 'state', expected: { done: 2, waiting: 1 } },
  { by: 'lane', expected: { P0: 1, P2: 2 } },
] as const

export const countCases: readonly ConformanceCase<HistorySubject>[] = [
  {
    name: 'count: by type, channel, outcome, state and lane',
    promise: 'count(filter, by); a filter that it cannot answer is refused with REACH_QUERY_UNSUPPORTED.',
    async run(subject) {
      const from = (await subject.now()) - 1_000
      await threeMessages(subject)
      await fed(subject, async () => {
        for (const { by, expected } of counts) {
          const found = await answered(subject.history.count({ from }, by))
          if (found !== undefined) assert.deepEqual({ ...found, ...expected }, { ...found }, `by ${by}`)
        }
      })
    },
  },
  {
    name: 'count: only what fits the filter',
    promise: 'Every field given must fit.',
    async run(subject) {
      await threeMessages(subject)
      await fed(subject, async () => {
        const filter = { recipient: 'ann', tenant: 'acme' }
        const found = await answered(subject.history.count(filter, 'state'))
        if (found !== undefined) assert.deepEqual({ ...found }, { done: 1, waiting: 1 })
      })
    },
  },
  {
    name: 'find: the messages that a provider knows',
    promise: 'The messages that a provider knows under these ids of its own; one answer each, in order.',
    async run(subject) {
      const { ledger, history } = subject
      await settled(ledger, newParcel('a', [newMessage()]), [{ ...sentEvent, providerId: 'id-1' }])
      await settled(ledger, newParcel('b', [newMessage()]), [{ ...sentEvent, providerId: 'ID-1' }])
      await settled(ledger, newParcel('c', [newMessage()]), [{ ...sentEvent, provider: 'sns', providerId: 'id-2' }])
      await fed(subject, async () => {
        assert.deepEqual(await history.find('ses', ['ID-1', 'nothing', 'id-1', 'id-2']), [
          'b.0',
          undefined,
          'a.0',
          undefined,
        ])
        assert.deepEqual(await history.find('sns', ['id-2', 'id-1']), ['c.0', undefined])
        assert.deepEqual(await history.find('ses', []), [])
      })
    },
  },
]
