import type { CancelAnswer, Change, ChangeAnswer, Envelope, HistoryEvent } from '@reachkit/core/spec'
import { ReachError, parseMessageId } from '@reachkit/core/spec'
import { Arguments } from '../client/arguments.js'
import { list, text } from '../client/replies.js'
import { encodeEvents } from '../parcel/events.js'
import { lettersOf, markOf, outcomeLetter } from '../parcel/marks.js'
import { encodeNote } from '../parcel/notes.js'
import type { Note } from '../parcel/notes.js'
import type { StoredParcel } from '../parcel/record.js'
import { decodeRuns } from '../parcel/runs.js'
import { changeScript, noteScript } from '../scripts/change.js'
import { batches, grouped } from './batches.js'
import type { LedgerContext } from './context.js'
import { readParcels } from './read.js'
import type { Shard } from './shards.js'

/** What is wanted of a message; `step` undefined for any. */
type Wanted = Omit<Change, 'step'> & { readonly step: number | undefined }

interface Place {
  readonly parcel: string
  readonly position: number
}

interface Answered {
  readonly status: 'changed' | 'conflict' | 'absent' | 'again'
  /** The letter of the message where it conflicts, its step where it was changed. */
  readonly more: string
  readonly envelopes: readonly Envelope[]
}

const absent: Answered = { status: 'absent', more: '', envelopes: [] }
const tries = 5

export async function change(context: LedgerContext, changes: readonly Change[]): Promise<readonly ChangeAnswer[]> {
  const answers = await move(context, changes)
  return answers.map(({ status, envelopes }) => ({ status: status === 'again' ? 'conflict' : status, envelopes }))
}

const cancelled = { state: 'done', outcome: 'cancelled', reason: { code: 'cancelled' } } as const

export async function cancel(context: LedgerContext, ids: readonly string[]): Promise<readonly CancelAnswer[]> {
  const wanted = ids.map((id): Wanted => ({ id, step: undefined, from: ['waiting'], to: cancelled, events: [] }))
  return (await move(context, wanted)).map(({ status, more }) => {
    if (status === 'changed') return 'cancelled'
    if (status === 'absent') return 'absent'
    const mark = markOf(more)
    if (mark?.state !== 'done') return 'too-late'
    return mark.outcome === 'cancelled' ? 'cancelled' : 'done'
  })
}

/**
 * Reads the messages for the entries that they are in, and moves them, compare-and-set on what was read. Several changes
 * of one message in a call are made one after the other.
 */
async function move(context: LedgerContext, wanted: readonly Wanted[]): Promise<readonly Answered[]> {
  const answers: Answered[] = wanted.map(() => absent)
  let open = wanted.flatMap((one, index) => {
    const place = parseMessageId(one.id)
    return place === undefined ? [] : [{ one, index, place }]
  })
  for (let attempt = 0; attempt < tries && open.length > 0; attempt += 1) {
    const parcels = await readParcels(
      context,
      open.map(({ place }) => place.parcel),
    )
    const shards = await context.shards.locate(parcels.keys())
    const again: typeof open = []
    const groups = grouped(open, ({ place }) => shards.get(place.parcel))
    const calls = [...groups].flatMap(([shard, group]) =>
      batches(group, () => 1).map(async (batch) => {
        const replies = await moveBatch(context, shard, parcels, batch)
        for (const [at, item] of batch.entries()) {
          const answer = replies[at] ?? absent
          answers[item.index] = answer
          if (answer.status === 'again') again.push(item)
        }
      }),
    )
    await Promise.all(calls)
    open = again
  }
  if (open.length > 0) throw new ReachError('REACH_STORE_UNAVAILABLE', 'a message was changed by others at each try')
  return answers
}

interface Item {
  readonly one: Wanted
  readonly place: Place
}

async function moveBatch(
  { scripts, settings }: LedgerContext,
  shard: Shard,
  parcels: ReadonlyMap<string, StoredParcel>,
  batch: readonly Item[],
): Promise<readonly Answered[]> {
  const { keys } = shard
  const call = new Arguments().key(keys.watch, keys.done, keys.queues).add(settings.pushAgainMs, batch.length)
  for (const { one, place } of batch) {
    call.element((element) => addChange(element, shard, one, place, parcels.get(place.parcel)))
  }
  const [, ...replies] = list(await scripts.run(changeScript, call.keys, call.args))
  return batch.map(({ one, place }, at): Answered => {
    const [status, more] = list(replies[at]).map(text)
    const known = status === 'changed' || status === 'conflict' || status === 'again' ? status : 'absent'
    const parcel = parcels.get(place.parcel)
    const envelopes = known === 'changed' && parcel !== undefined ? envelopesOf(one, place, parcel, Number(more)) : []
    return { status: known, more: more ?? '', envelopes }
  })
}

function addChange(
  call: Arguments,
  { keys }: Shard,
  wanted: Wanted,
  { parcel, position }: Place,
  stored: StoredParcel | undefined,
): void {
  const { to, entry, data, expires, from, step } = wanted
  const tenant = stored?.marks.tenant ?? ''
  const seen = noteOf(stored, position)
  const [oldId, oldLane] = seen?.entry ?? entryAtFirst(stored, position)
  const fresh = to.state === 'done' ? undefined : entry
  call.key(keys.marks(parcel), keys.notes(parcel), keys.events(parcel), keys.entry(oldId), keys.queue(oldLane, tenant))
  call.add(parcel, position, step ?? -1, lettersOf(from), seen?.raw ?? '', oldId)
  call.add(to.state === 'done' ? outcomeLetter(to.outcome) : to.state === 'waiting' ? 'w' : 'h')
  call.add(to.state === 'done' ? 'd' : to.state === 'waiting' ? 'w' : 'h', to.state === 'done' ? 0 : to.due)
  call.add(encodeNote(to, fresh === undefined ? undefined : [fresh.id, fresh.lane]), expires ?? -1)
  if (data === undefined) call.add(0)
  else call.add(1, data)
  call.add(encodeEvents([{ position, events: eventsOf(wanted, seen?.step ?? 0) }], false).events)
  if (fresh === undefined) call.add(0)
  else {
    call.add(1, fresh.id, fresh.lane, fresh.weight)
    call.key(keys.entry(fresh.id), keys.queue(fresh.lane, tenant))
  }
}

/** A cancel knows the step only now. */
function eventsOf({ events, step: wanted, to }: Wanted, step: number): readonly HistoryEvent[] {
  if (wanted !== undefined || to !== cancelled) return events
  return [{ step, kind: 'done', outcome: 'cancelled', reason: 'cancelled' }]
}

function noteOf(stored: StoredParcel | undefined, position: number): Note | undefined {
  const mark = markOf(stored?.marks.letters[position] ?? '')
  return mark?.noted === true ? stored?.notes.byPosition.get(position) : undefined
}

/** The entry that a message was accepted with. */
function entryAtFirst(stored: StoredParcel | undefined, position: number): readonly [string, string] {
  const entry = stored?.body.entries().find(({ runs }) => decodeRuns(runs).positions.includes(position))
  return entry === undefined ? ['', 'P2'] : [entry.id, entry.lane]
}

function envelopesOf(
  { to, entry }: Wanted,
  { parcel, position }: Place,
  { marks }: StoredParcel,
  step: number,
): Envelope[] {
  if (entry === undefined || to.state === 'done') return []
  const cargo = { kind: 'messages', parcel, positions: [position], steps: [step] } as const
  const { id, lane, weight } = entry
  return [{ id, schema: 1, tenant: marks.tenant, lane, due: to.due, weight, cargo }]
}

/** Adds events to messages, whatever their state; unknown ids are passed over. */
export async function note(
  context: LedgerContext,
  notes: readonly { readonly id: string; readonly events: readonly HistoryEvent[] }[],
): Promise<void> {
  const items = notes.flatMap(({ id, events }) => {
    const place = parseMessageId(id)
    return place === undefined || events.length === 0 ? [] : [{ ...place, events }]
  })
  const shards = await context.shards.locate(items.map(({ parcel }) => parcel))
  const groups = grouped(items, ({ parcel }) => shards.get(parcel))
  const calls = [...groups].flatMap(([{ keys }, group]) =>
    batches(group, () => 1).map(async (batch) => {
      const call = new Arguments().key(keys.watch, keys.historyQueue).add(batch.length)
      for (const { parcel, position, events } of batch) {
        const packed = encodeEvents([{ position, events }], context.settings.historyMs > 0)
        call.key(keys.marks(parcel), keys.events(parcel)).add(parcel, position, packed.events, packed.providers)
      }
      await context.scripts.run(noteScript, call.keys, call.args)
    }),
  )
  await Promise.all(calls)
  context.fed()
}
