import type { Acceptance, Envelope, NewEntry, NewParcel } from '@reachkit/core/spec'
import { ReachError, lanes, messageId } from '@reachkit/core/spec'
import { Arguments } from '../client/arguments.js'
import { list, text } from '../client/replies.js'
import type { Reply } from '../client/redis-client.js'
import { recipientPrints } from '../history/fingerprint.js'
import { encodeBody, encodeDigests } from '../parcel/body.js'
import { decodeFirsts } from '../parcel/notes.js'
import { acceptScript } from '../scripts/accept.js'
import { Turns, batches, grouped } from './batches.js'
import { cargoText } from './cargo.js'
import type { LedgerContext } from './context.js'
import type { Shard } from './shards.js'

interface Prepared {
  readonly parcel: NewParcel
  readonly body: Buffer
  readonly digests: Buffer
  readonly due: number
  readonly expires: number
  /** Positions whose due time or ttl is another one than that of most. */
  readonly notes: readonly (readonly [position: number, due: number, expires: number])[]
}

/** Accepts each parcel in one step of its own; few calls for all of them. */
export async function accept(context: LedgerContext, parcels: readonly NewParcel[]): Promise<readonly Acceptance[]> {
  await context.shards.announce(parcels.map(({ tenant }) => tenant))
  const turns = new Turns()
  const prepared: Prepared[] = []
  for (const parcel of parcels) {
    await turns.pass()
    prepared.push(prepare(context, parcel))
  }
  const answers = new Map<NewParcel, Acceptance>()
  const groups = grouped(prepared, ({ parcel }) => context.shards.of(parcel.tenant))
  const calls = [...groups].flatMap(([shard, group]) =>
    batches(group, ({ parcel }) => parcel.messages.length).map(async (batch) => acceptBatch(context, shard, batch)),
  )
  for (const batch of await Promise.all(calls)) for (const [parcel, answer] of batch) answers.set(parcel, answer)
  if (context.settings.historyMs > 0) context.fed()
  return parcels.map((parcel) => answers.get(parcel) ?? moved)
}

const moved: Acceptance = { status: 'cursor-moved', ids: [], deduplicated: [], envelopes: [] }

function prepare({ settings }: LedgerContext, parcel: NewParcel): Prepared {
  const dues: number[] = []
  for (const { cargo, due } of parcel.entries) {
    if (cargo.kind === 'messages' && due !== 0) for (const position of cargo.positions) dues[position] = due
  }
  const due = dues[0] ?? 0
  const expires = parcel.messages[0]?.expires ?? 0
  const notes: (readonly [number, number, number])[] = []
  for (const [position, message] of parcel.messages.entries()) {
    const own = [position, dues[position] ?? 0, message.expires ?? 0] as const
    if (own[1] !== due || own[2] !== expires) notes.push(own)
  }
  return { parcel, body: encodeBody(parcel, settings.compress), digests: encodeDigests(parcel), due, expires, notes }
}

type Answered = readonly (readonly [NewParcel, Acceptance])[]

const tries = 8

async function acceptBatch(context: LedgerContext, shard: Shard, batch: readonly Prepared[]): Promise<Answered> {
  const answered: (readonly [NewParcel, Acceptance])[] = []
  const alive = new Set<string>()
  let open = batch
  for (let attempt = 0; attempt < tries && open.length > 0; attempt += 1) {
    const [first, ...rest] = list(await context.scripts.run(acceptScript, ...callOf(context, shard, open, alive)))
    if (text(first) === 'stale') {
      shard.generation = text(rest[0])
      shard.hasPrevious = text(rest[1]) === '1'
      continue
    }
    const asking: Prepared[] = []
    for (const [index, one] of open.entries()) {
      const [status, more] = list(rest[index])
      if (text(status) === 'ask') {
        asking.push(one)
        for (const id of list(more)) alive.add(text(id))
      } else {
        answered.push([one.parcel, acceptance(context, shard, one.parcel, text(status), more)])
      }
    }
    open = asking
  }
  if (open.length === 0) return answered
  throw new ReachError('REACH_STORE_UNAVAILABLE', 'the dedupe window moved on at each of several tries')
}

function callOf(
  { settings }: LedgerContext,
  shard: Shard,
  batch: readonly Prepared[],
  alive: ReadonlySet<string>,
): [string[], (string | Buffer | number)[]] {
  const { keys, generation, hasPrevious } = shard
  const current = Number(generation === '' ? 0 : generation)
  const call = new Arguments()
  call.key(keys.window, keys.watch, keys.done, keys.queues, keys.historyTimes, keys.historyQueue)
  call.add(generation, hasPrevious ? 1 : 0, settings.dedupeMs, settings.pushAgainMs, settings.historyMs > 0 ? 1 : 0)
  call.key(keys.digestParcels(current), keys.digestParcels(current - 1))
  call.add(keys.digestsStart(current), keys.digestsStart(current - 1))
  call.add(alive.size)
  for (const id of alive) call.add(id).key(keys.marks(id))
  call.add(batch.length)
  for (const one of batch) call.element((element) => addParcel(element, shard, settings.historyMs > 0, one))
  return [call.keys, call.args]
}

function recipientsOf({ messages }: NewParcel): string[] {
  return messages.map(({ recipient }) => recipient)
}

function addParcel(call: Arguments, { keys }: Shard, history: boolean, prepared: Prepared): void {
  const { parcel, body, digests, due, expires, notes } = prepared
  const { id, tenant, messages, entries, cursor } = parcel
  call.key(keys.body(id), keys.marks(id), keys.notes(id))
  call.add(id, tenant, messages.length, due, expires, parcel.announced === true ? 1 : 0)
  if (cursor === undefined) call.add(0)
  else {
    const { run, from, to, done } = cursor
    call.add(1, run, from, to, done ? 1 : 0)
    call.key(
      keys.run(run),
      keys.parcelsOf(run),
      keys.parcelRuns,
      keys.entry(run),
      ...lanes.map((lane) => keys.queue(lane, tenant)),
    )
  }
  call.add(body, digests, history ? recipientPrints(tenant, recipientsOf(parcel)) : '', notes.length)
  for (const note of notes) call.add(...note)
  call.add(entries.length)
  for (const entry of entries) {
    call.key(keys.entry(entry.id), keys.queue(entry.lane, tenant))
    call.add(entry.id, entry.lane, entry.weight, entry.due, cargoText(entry.cargo))
  }
}

function acceptance(
  context: LedgerContext,
  shard: Shard,
  parcel: NewParcel,
  status: string,
  more: Reply | undefined,
): Acceptance {
  if (status === 'moved') return moved
  const firsts = decodeFirsts(text(more))
  const ids = parcel.messages.map((_, position) => firsts.get(position) ?? messageId(parcel.id, position))
  const deduplicated = parcel.messages.map((_, position) => firsts.has(position))
  if (status === 'known') return { status, ids, deduplicated, envelopes: [] }
  context.shards.remember(parcel.id, shard)
  if (firsts.size < parcel.messages.length) context.bodies.accepted(parcel)
  const envelopes = parcel.entries.flatMap((entry) => envelopesOf(entry, parcel.tenant, firsts))
  return { status: 'accepted', ids, deduplicated, envelopes }
}

function envelopesOf(entry: NewEntry, tenant: string, firsts: ReadonlyMap<number, string>): Envelope[] {
  const { id, lane, due, weight, cargo } = entry
  const common = { id, schema: 1, tenant, lane, due, weight } as const
  if (cargo.kind !== 'messages' || firsts.size === 0) return [{ ...common, cargo }]
  const kept = cargo.positions.flatMap((position, index) => (firsts.has(position) ? [] : [index]))
  if (kept.length === 0) return []
  const positions = kept.map((index) => cargo.positions[index] ?? 0)
  const steps = kept.map((index) => cargo.steps[index] ?? 0)
  return [{ ...common, cargo: { ...cargo, positions, steps } }]
}
