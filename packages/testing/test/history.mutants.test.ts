import { describe } from 'vitest'
import type { History, HistoryFilter, HistoryRow, Ledger, TimelineEntry } from '@reachkit/core/spec'
import { historyCases } from '../src/conformance/index.js'
import type { HistorySubject } from '../src/conformance/index.js'
import { memorySubject } from './memory-subject.js'
import { replaced, testMutants, without } from './mutants.js'
import type { Mutant } from './mutants.js'

const mutants: Mutant<HistorySubject>[] = []
function mutant(killedBy: string, fault: string, faults: (real: History) => Partial<History>): void {
  mutants.push({
    killedBy,
    fault,
    breaks: (subject) => ({ ...subject, history: replaced(subject.history, faults(subject.history)) }),
  })
}
/** A ledger that does not feed its history. */
function unfed(killedBy: string, fault: string, faults: (real: Ledger) => Partial<Ledger>): void {
  mutants.push({
    killedBy,
    fault,
    breaks: (subject) => ({ ...subject, ledger: replaced(subject.ledger, faults(subject.ledger)) }),
  })
}
const rows =
  (change: (rows: readonly HistoryRow[]) => readonly HistoryRow[]) =>
  (real: History): Partial<History> => ({
    list: async (filter, page) => {
      const answer = await real.list(filter, page)
      return { ...answer, rows: change(answer.rows) }
    },
  })
const ignoring =
  (field: keyof HistoryFilter) =>
  (real: History): Partial<History> => ({
    list: async (filter, page) => {
      return real.list(without(filter, field), page)
    },
  })
const timelines =
  (change: (entries: readonly TimelineEntry[]) => readonly TimelineEntry[]) =>
  (real: History): Partial<History> => ({
    timeline: async (ids) => change(await real.timeline(ids)),
    timelineOf: async (recipient, tenant, limit) => change(await real.timelineOf(recipient, tenant, limit)),
  })

mutant(
  'list: tells what the ledger accepted and settled',
  'forgets the channels',
  rows((all) => all.map((row) => ({ ...row, channels: [] }))),
)
unfed('list: tells what the ledger accepted and settled', 'settles are not told', (real) => ({
  settle: async (all) =>
    real.settle(all.map((one) => ({ ...one, results: one.results.map((result) => ({ ...result, events: [] })) }))),
}))
mutant(
  'list: tells of a cancel',
  'knows of none',
  rows((all) =>
    all.map((row) => (row.outcome === 'cancelled' ? { ...row, state: 'waiting', outcome: undefined } : row)),
  ),
)
mutant(
  'list: newest first',
  'oldest first',
  rows((all) => all.toReversed()),
)
for (const field of [
  'ids',
  'recipient',
  'tenant',
  'type',
  'category',
  'group',
  'lane',
  'channel',
  'state',
  'outcome',
] as const) {
  mutant('list: every filter fits, or is refused with its code', `ignores ${field}`, ignoring(field))
}
mutant('list: every filter fits, or is refused with its code', 'refuses without a code', (real) => ({
  list: async (filter, page) => {
    if (filter.type !== undefined) throw new Error('not supported')
    return real.list(filter, page)
  },
}))
mutant('list: from is included, to is not', 'both are', (real) => ({
  list: async (filter, page) => real.list({ ...filter, ...(filter.to !== undefined && { to: filter.to + 1 }) }, page),
}))
mutant('list: from is included, to is not', 'neither is', (real) => ({
  list: async (filter, page) =>
    real.list({ ...filter, ...(filter.from !== undefined && { from: filter.from + 1 }) }, page),
}))
mutant('list: by pages', 'ends after the first', (real) => ({
  list: async (filter, page) => ({ ...(await real.list(filter, page)), next: undefined }),
}))
mutant('list: by pages', 'always the first', (real) => ({
  list: async (filter, { limit }) => real.list(filter, { limit }),
}))
mutant('list: by pages', 'ignores the limit', (real) => ({
  list: async (filter, page) => real.list(filter, { ...page, limit: 100 }),
}))

mutant(
  'timeline: oldest first',
  'newest first',
  timelines((all) => all.toReversed()),
)
mutant(
  'timeline: keeps what an event tells',
  'forgets the detail',
  timelines((all) => all.map((entry) => without(entry, 'detail'))),
)
mutant(
  'timeline: keeps what an event tells',
  'forgets the cost',
  timelines((all) => all.map((entry) => without(entry, 'cost'))),
)
mutant(
  'timeline: of each message what it cost',
  'what the first one did',
  timelines((all) =>
    all.map((entry) => (entry.kind === 'sent' ? { ...entry, cost: { currency: 'EUR', micros: 70_000 } } : entry)),
  ),
)
mutant(
  'timeline: of each message what it cost',
  'one currency',
  timelines((all) =>
    all.map((entry) => (entry.cost === undefined ? entry : { ...entry, cost: { ...entry.cost, currency: 'EUR' } })),
  ),
)
unfed('timeline: told twice, kept once', 'kept twice', (real) => ({
  note: async (notes) =>
    real.note(
      notes.map(({ id, events }) => ({
        id,
        events: events.map((event) => ({ ...event, channel: `${event.channel} again` })),
      })),
    ),
}))
mutant(
  'timeline: told twice, kept once',
  'known by step and kind alone',
  timelines((all) =>
    all.filter(
      (entry, index) =>
        all.findIndex(({ id, step, kind }) => id === entry.id && step === entry.step && kind === entry.kind) === index,
    ),
  ),
)
mutant('timeline: of several messages, and of none', 'of the first only', (real) => ({
  timeline: async (ids) => real.timeline(ids.slice(0, 1)),
}))
mutant('timelineOf: of one recipient of one tenant', 'of any tenant', (real) => ({
  timelineOf: async (recipient, _, limit) => [
    ...(await real.timelineOf(recipient, 'acme', limit)),
    ...(await real.timelineOf(recipient, 'other', limit)),
  ],
}))
mutant('timelineOf: of one recipient of one tenant', 'ignores the limit', (real) => ({
  timelineOf: async (recipient, tenant) => real.timelineOf(recipient, tenant, 100),
}))
unfed('note: adds to a timeline, whatever the state', 'only while it waits', (real) => ({
  note: async (notes) => {
    const records = await real.get(notes.map(({ id }) => id))
    return real.note(notes.filter((_, index) => records[index]?.state !== 'done'))
  },
}))
unfed('note: adds to a timeline, whatever the state', 'an unknown id is an error', (real) => ({
  note: async (notes) => {
    const records = await real.get(notes.map(({ id }) => id))
    if (records.includes(undefined)) throw new Error('no such message')
    return real.note(notes)
  },
}))
unfed('change: its events are told', 'are not', (real) => ({
  change: async (all) => real.change(all.map((one) => ({ ...one, events: [] }))),
}))
unfed('change: its events are told', 'even of what was not changed', (real) => ({
  change: async (all) => {
    await real.note(all.map(({ id, events }) => ({ id, events })))
    return real.change(all)
  },
}))

mutant('count: by type, channel, outcome, state and lane', 'one too many', (real) => ({
  count: async (filter, by) =>
    Object.fromEntries(Object.entries(await real.count(filter, by)).map(([key, count]) => [key, count + 1])),
}))
mutant('count: only what fits the filter', 'all', (real) => ({ count: async (_, by) => real.count({}, by) }))
mutant('find: the messages that a provider knows', 'without case', (real) => ({
  find: async (provider, ids) =>
    real.find(
      provider,
      ids.map((id) => id.toLowerCase()),
    ),
}))
mutant('find: the messages that a provider knows', 'leaves out what is not there', (real) => ({
  find: async (provider, ids) => (await real.find(provider, ids)).filter((id) => id !== undefined),
}))
mutant('find: the messages that a provider knows', 'of any provider', (real) => ({
  find: async (_, ids) => {
    const [ses, sns] = await Promise.all([real.find('ses', ids), real.find('sns', ids)])
    return ids.map((__, index) => ses[index] ?? sns[index])
  },
}))

const counting =
  (change: (filter: Parameters<Received>[0]) => Parameters<Received>[0]) =>
  (real: History): Partial<History> => ({
    received: async (filter, ids) => (await real.received?.(change(filter), ids)) ?? [],
  })
type Received = NonNullable<History['received']>

mutant(
  'received: of one type, and of any',
  'of any',
  counting((filter) => without(filter, 'type')),
)
mutant(
  'received: of one type, and of any',
  'of one tenant',
  counting((filter) => ({ ...filter, tenant: 'acme' })),
)
mutant('received: of one type, and of any', 'only of those who had some', (real) => ({
  received: async (...asked) => ((await real.received?.(...asked)) ?? []).filter((count) => count > 0),
}))
unfed('received: only what was sent, or partly', 'whatever became of it', (real) => ({
  settle: async (all) =>
    real.settle(
      all.map((one) => ({
        ...one,
        results: one.results.map((result) => ({ ...result, to: { state: 'done', outcome: 'sent' } })),
      })),
    ),
}))
unfed('received: only what was sent, or partly', 'not what was sent partly', (real) => ({
  settle: async (all) =>
    real.settle(
      all.map((one) => ({
        ...one,
        results: one.results.map((result) => {
          const { to } = result
          return to.state === 'done' && to.outcome === 'partly-sent'
            ? { ...result, to: { ...to, outcome: 'expired' } }
            : result
        }),
      })),
    ),
}))
const since = 'received: accepted at an instant or later'
mutant(
  since,
  'not at the instant',
  counting((filter) => ({ ...filter, since: filter.since + 1 })),
)
mutant(
  since,
  'at any',
  counting((filter) => ({ ...filter, since: 0 })),
)
mutant('received: of 500 recipients', 'only so many as fit', (real) => ({
  received: async (filter, ids) => (await real.received?.(filter, ids.slice(0, 499))) ?? [],
}))

describe('mutants of history', () => {
  testMutants(historyCases, mutants, memorySubject)
})
