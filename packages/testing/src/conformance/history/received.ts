import assert from 'node:assert/strict'
import type { History, MessageOutcome } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { newMessage, newParcel } from '../ledger/parcels.js'
import { accept } from '../ledger/work.js'
import type { HistorySubject } from '../subject.js'
import { fed, settled } from './feed.js'

/** Sends messages: to whom, and of which type. */
export async function sentTo(
  { ledger }: HistorySubject,
  parcel: string,
  messages: readonly (readonly [recipient: string, type: string])[],
  outcome: MessageOutcome = 'sent',
  tenant = 'acme',
): Promise<void> {
  const all = messages.map(([recipient, type]) => newMessage({ recipient, type }))
  const events = [{ step: 0, kind: 'done', outcome }] as const
  await settled(ledger, newParcel(parcel, all, { tenant }), events, { state: 'done', outcome })
}

type Received = NonNullable<History['received']>

/** Counts after the history was fed. */
async function counted(
  subject: HistorySubject,
  asked: readonly (readonly [
    filter: Parameters<Received>[0],
    recipients: readonly string[],
    counts: readonly number[],
  ])[],
): Promise<void> {
  await fed(subject, async () => {
    for (const [filter, recipients, counts] of asked)
      assert.deepEqual(await subject.history.received?.(filter, recipients), counts, JSON.stringify(filter))
  })
}

const when = ({ history }: HistorySubject): boolean => history.received !== undefined

export const receivedCases: readonly ConformanceCase<HistorySubject>[] = [
  {
    name: 'received: of one type, and of any',
    promise: 'How many messages each recipient was sent, of one type or of any. One answer each.',
    when,
    async run(subject) {
      await sentTo(subject, 'a', [
        ['ann', 'otp'],
        ['ann', 'order.paid'],
        ['bob', 'otp'],
        ['ann', 'otp'],
        ['Ann', 'otp'],
      ])
      await sentTo(subject, 'b', [
        ['ann', 'otp'],
        ['cid', 'Otp'],
      ])
      await sentTo(
        subject,
        'c',
        [
          ['ann', 'otp'],
          ['bob', 'otp'],
        ],
        'sent',
        'other',
      )
      const recipients = ['bob', 'nobody', 'ann', 'cid', 'bob']
      await counted(subject, [
        [{ tenant: 'acme', type: 'otp', since: 0 }, recipients, [1, 0, 3, 0, 1]],
        [{ tenant: 'acme', since: 0 }, recipients, [1, 0, 4, 1, 1]],
        [{ tenant: 'other', since: 0 }, recipients, [1, 0, 1, 0, 1]],
        [{ tenant: 'acme', type: 'nothing', since: 0 }, recipients, [0, 0, 0, 0, 0]],
        [{ tenant: 'acme', since: 0 }, [], []],
      ])
    },
  },
  {
    name: 'received: only what was sent, or partly',
    promise: 'With the outcome sent or partly sent.',
    when,
    async run(subject) {
      const outcomes: readonly MessageOutcome[] = [
        'sent',
        'partly-sent',
        'rejected',
        'expired',
        'cancelled',
        'merged',
        'parked',
      ]
      for (const outcome of outcomes) await sentTo(subject, outcome, [[outcome, 'otp']], outcome)
      await accept(subject.ledger, newParcel('waits', [newMessage({ recipient: 'waits', type: 'otp' })]))
      const recipients = [...outcomes, 'waits']
      await counted(subject, [[{ tenant: 'acme', since: 0 }, recipients, [1, 1, 0, 0, 0, 0, 0, 0]]])
    },
  },
  {
    name: 'received: accepted at an instant or later',
    promise: 'Since an instant: accepted at that instant or later.',
    when,
    async run(subject) {
      await sentTo(subject, 'a', [['ann', 'otp']])
      await subject.advance(subject.timing.shortMs)
      await sentTo(subject, 'b', [['ann', 'otp']])
      const [a, b] = await subject.ledger.get(['a.0', 'b.0'])
      assert(a !== undefined && b !== undefined)
      const [earlier, later] = [a.acceptedAt, b.acceptedAt]
      await counted(subject, [
        [{ tenant: 'acme', since: 0 }, ['ann'], [2]],
        [{ tenant: 'acme', since: earlier }, ['ann'], [2]],
        [{ tenant: 'acme', since: earlier + 1 }, ['ann'], [1]],
        [{ tenant: 'acme', type: 'otp', since: later }, ['ann'], [1]],
        [{ tenant: 'acme', since: later + 1 }, ['ann'], [0]],
      ])
    },
  },
  {
    name: 'received: of 500 recipients',
    promise: 'At most 500 recipients.',
    when,
    async run(subject) {
      const ids = Array.from({ length: 500 }, (_, index) => `user-${index}`)
      await sentTo(
        subject,
        'a',
        ids.slice(0, 400).map((id) => [id, 'otp']),
      )
      await sentTo(
        subject,
        'b',
        ids.slice(300).map((id) => [id, 'otp']),
      )
      const counts = ids.map((_, index) => (index >= 300 && index < 400 ? 2 : 1))
      await counted(subject, [[{ tenant: 'acme', type: 'otp', since: 0 }, ids, counts]])
    },
  },
]
