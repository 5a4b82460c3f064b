import type { Journey } from '../dispatch/journey.js'
import { readData } from '../dispatch/stored-data.js'
import type { SliceHost } from '../dispatch/slice-host.js'
import type { Change, MessageRecord } from '../spec/index.js'
import { byAge, isOpen } from './members.js'
import { readRecords } from './read-records.js'
import type { Records } from './read-records.js'

const mostRounds = 10

/** What was merged into each message that leads, oldest first. One that is left out has moved on, or has to come again. */
export type Merged = ReadonlyMap<Journey, readonly MessageRecord[]>

/**
 * Merges into each message that leads those that it took. Once it has answered, no merge into it that another process may
 * have under way can still be taken: each member was merged, or has moved on since that one looked.
 */
export async function mergeAll(run: SliceHost, leaders: readonly Journey[]): Promise<Merged> {
  let open = leaders
  const merged = new Map<Journey, readonly MessageRecord[]>()
  for (let round = 0; round < mostRounds && open.length > 0; round += 1) {
    const records = await readRecords(run, open.flatMap(idsOf))
    // Behind a lease that ran out another process may have gone on: it has what was read here.
    if (!run.holdsLease) return merged
    const here = open.filter((leader) => isHere(leader, records))
    const changed = await merge(run, here, records)
    for (const leader of here) if (!changed.has(leader)) merged.set(leader, mergedInto(leader, records))
    open = here.filter((leader) => changed.has(leader))
  }
  return merged
}

function idsOf({ message, progress }: Journey): readonly string[] {
  return [message.id, ...(progress.digest?.members ?? [])]
}

/** False for a leader that was cancelled or changed since it was claimed: it is not this run's to lead any more. */
function isHere({ message: { id, step } }: Journey, records: Records): boolean {
  const record = records.get(id)
  return record !== undefined && record.state === 'waiting' && record.step === step
}

/** Answers the leaders that had somebody to merge: whether that was taken, the next look tells. */
async function merge(run: SliceHost, leaders: readonly Journey[], records: Records): Promise<ReadonlySet<Journey>> {
  const { context } = run
  const now = context.storeNow()
  const changing = new Set<Journey>()
  const merges = leaders.flatMap((leader) => mergesOf(leader, records, now))
  if (merges.length === 0) return changing
  const answers = await context.ledger.change(merges.map(({ change }) => change))
  for (const [index, { leader, record, change }] of merges.entries()) {
    changing.add(leader)
    if (answers[index]?.status !== 'changed') continue
    context.tell?.(record, change.events)
    context.ended(record, change.to)
  }
  return changing
}

interface Merge {
  readonly leader: Journey
  readonly record: MessageRecord
  readonly change: Change
}

/** One that was attempted takes nobody any more: what it may have shown stays what it shows. */
function mergesOf(leader: Journey, records: Records, now: number): Merge[] {
  const { message, progress, definition } = leader
  const { digest } = progress
  if (digest === undefined || Object.keys(progress.legs).length > 0) return []
  return (digest.members ?? []).flatMap((id) => {
    const record = records.get(id)
    if (record === undefined || !isOpen(record, digest.window, definition, now)) return []
    if (typeof readData(record, definition) === 'string') return []
    return [{ leader, record, change: mergeOf(record, message.id, now) }]
  })
}

function mergeOf({ id, step }: MessageRecord, into: string, at: number): Change {
  const reason = { code: 'digested' } as const
  const to = { state: 'done', outcome: 'merged', reason, into } as const
  return {
    id,
    step,
    from: ['waiting'],
    to,
    events: [{ step, kind: 'done', at, outcome: 'merged', reason: reason.code }],
  }
}

function mergedInto({ message, progress }: Journey, records: Records): readonly MessageRecord[] {
  const members = progress.digest?.members ?? []
  const found = members.flatMap((id) => records.get(id) ?? [])
  return found.filter(({ outcome, into }) => outcome === 'merged' && into === message.id).toSorted(byAge)
}
