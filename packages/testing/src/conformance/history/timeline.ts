import assert from 'node:assert/strict'
import type { HistoryEvent, TimelineEntry } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { again, newEntry, newMessage, newMessages, newParcel, sent } from '../ledger/parcels.js'
import { accept, sending, work } from '../ledger/work.js'
import type { HistorySubject } from '../subject.js'
import { doneEvent, fed, sentEvent, settled, threeMessages } from './feed.js'

function kinds(timeline: readonly TimelineEntry[], of?: string): readonly string[] {
  return timeline.filter(({ id }) => of === undefined || id === of).map(({ step, kind }) => `${step} ${kind}`)
}

/** A message that was retried once and then sent. */
async function retried({ ledger, advance, timing, now }: HistorySubject): Promise<void> {
  const parcel = newParcel('a', [newMessage()])
  const worker = await sending(ledger, parcel)
  const due = await now()
  const entry = newEntry('a', [0], { id: 'again', step: 1, due })
  const retry: HistoryEvent = {
    step: 0,
    kind: 'retry',
    channel: 'email',
    provider: 'ses',
    attempt: 1,
    reason: 'http 429',
  }
  await advance(timing.shortMs)
  await worker.settle([{ position: 0, step: 0, to: again(due), events: [retry] }], { entries: [entry], finish: true })
  const second = await work(ledger, parcel, entry)
  await second.begin([0], { steps: [1] })
  await advance(timing.shortMs)
  const events = [
    { ...sentEvent, step: 1, attempt: 2 },
    { ...doneEvent, step: 1 },
  ]
  await second.settle([{ position: 0, step: 1, to: sent, events }], { finish: true })
}

export const timelineCases: readonly ConformanceCase<HistorySubject>[] = [
  {
    name: 'timeline: oldest first',
    promise: 'Oldest first.',
    async run(subject) {
      await retried(subject)
      await fed(subject, async () => {
        const timeline = await subject.history.timeline(['a.0'])
        const told = kinds(timeline).filter((one) => !one.endsWith('done'))
        assert.deepEqual(told, ['0 accepted', '0 retry', '1 sent'])
        const instants = timeline.map(({ at }) => at)
        assert.deepEqual(
          instants,
          instants.toSorted((a, b) => a - b),
        )
      })
    },
  },
  {
    name: 'timeline: keeps what an event tells',
    promise: 'One thing that happened to a message.',
    async run(subject) {
      const at = (await subject.now()) + 1_000
      const cost = { currency: 'EUR', micros: 140_000 }
      const told = { ...sentEvent, at, detail: 'queued as 7', cost }
      await settled(subject.ledger, newParcel('a', [newMessage()]), [told])
      await fed(subject, async () => {
        const event = (await subject.history.timeline(['a.0'])).find(({ kind }) => kind === 'sent')
        assert.deepEqual(event, { ...told, id: 'a.0' })
      })
    },
  },
  {
    name: 'timeline: of each message what it cost',
    promise: 'What the delivery was charged.',
    async run(subject) {
      const costs = [
        { currency: 'EUR', micros: 70_000 },
        { currency: 'EUR', micros: 140_000 },
        { currency: 'USD', micros: 70_000 },
        undefined,
      ]
      const worker = await sending(subject.ledger, newParcel('a', newMessages(costs.length)))
      const results = costs.map((cost, position) => ({
        position,
        step: 0,
        to: sent,
        events: [{ ...sentEvent, ...(cost !== undefined && { cost }) }],
      }))
      await worker.settle(results, { finish: true })
      await fed(subject, async () => {
        for (const [position, cost] of costs.entries()) {
          const event = (await subject.history.timeline([`a.${position}`])).find(({ kind }) => kind === 'sent')
          assert(event !== undefined, 'it is told')
          assert.deepEqual(event.cost, cost)
        }
      })
    },
  },
  {
    name: 'timeline: told twice, kept once',
    promise: 'Known by message, step, kind and channel: told twice, it is kept once.',
    async run(subject) {
      const { ledger, history } = subject
      const events = [sentEvent, sentEvent, { ...sentEvent, channel: 'sms' }, { ...sentEvent, step: 1 }]
      await settled(ledger, newParcel('a', [newMessage()]), events)
      await ledger.note([{ id: 'a.0', events: [{ ...sentEvent, detail: 'again' }] }])
      await fed(subject, async () => {
        const told = (await history.timeline(['a.0'])).filter(({ kind }) => kind === 'sent')
        assert.deepEqual(told.map(({ step, channel }) => `${step} ${channel}`).toSorted(), [
          '0 email',
          '0 sms',
          '1 email',
        ])
      })
    },
  },
  {
    name: 'timeline: of several messages, and of none',
    promise: 'timeline(ids): what happened to these messages.',
    async run(subject) {
      await threeMessages(subject)
      await fed(subject, async () => {
        const timeline = await subject.history.timeline(['c.0', 'nothing.0', 'a.0'])
        assert.deepEqual([...new Set(timeline.map(({ id }) => id))].toSorted(), ['a.0', 'c.0'])
        assert.deepEqual(kinds(timeline, 'c.0'), ['0 accepted'])
        assert.deepEqual(await subject.history.timeline([]), [])
      })
    },
  },
  {
    name: 'timelineOf: of one recipient of one tenant',
    promise: 'timelineOf(recipient, tenant, limit).',
    async run(subject) {
      const { ledger, history } = subject
      await threeMessages(subject)
      await accept(ledger, newParcel('d', [newMessage({ recipient: 'ann' })], { tenant: 'other' }))
      await fed(subject, async () => {
        const timeline = await history.timelineOf('ann', 'acme', 100)
        assert.deepEqual([...new Set(timeline.map(({ id }) => id))].toSorted(), ['a.0', 'c.0'])
        const instants = timeline.map(({ at }) => at)
        assert.deepEqual(
          instants,
          instants.toSorted((a, b) => a - b),
        )
        assert((await history.timelineOf('ann', 'acme', 2)).length <= 2, 'no more than the limit')
      })
    },
  },
  {
    name: 'note: adds to a timeline, whatever the state',
    promise: 'Tells history more of messages, whatever their state: receipts. Unknown ids are passed over.',
    async run(subject) {
      const { ledger, history } = subject
      await settled(ledger, newParcel('a', [newMessage()]), [sentEvent])
      await accept(ledger, newParcel('b', [newMessage()]))
      const events: readonly HistoryEvent[] = [{ step: 0, kind: 'delivered', channel: 'email' }]
      await ledger.note([
        { id: 'nothing.0', events },
        { id: 'a.0', events },
        { id: 'no id', events },
        { id: 'b.0', events },
      ])
      const [a, b] = await ledger.get(['a.0', 'b.0'])
      assert.deepEqual([a?.state, b?.state], ['done', 'waiting'])
      await fed(subject, async () => {
        for (const id of ['a.0', 'b.0']) assert(kinds(await history.timeline([id])).includes('0 delivered'), `of ${id}`)
      })
    },
  },
  {
    name: 'change: its events are told',
    promise: 'Change: events.',
    async run(subject) {
      const { ledger, history } = subject
      await accept(ledger, newParcel('a', [newMessage()]))
      const events: readonly HistoryEvent[] = [{ step: 0, kind: 'changed', reason: 'rescheduled' }]
      const change = { id: 'a.0', from: ['waiting'], to: sent, events } as const
      await ledger.change([
        { ...change, step: 5, events: [{ step: 5, kind: 'changed' }] },
        { ...change, step: 0 },
      ])
      await fed(subject, async () => {
        const changed = (await history.timeline(['a.0'])).filter(({ kind }) => kind === 'changed')
        assert.deepEqual(
          changed.map(({ step, reason }) => [step, reason]),
          [[0, 'rescheduled']],
        )
      })
    },
  },
]
