import { Arguments } from '../client/arguments.js'
import { bytes, list } from '../client/replies.js'
import type { ParcelBody } from '../parcel/body.js'
import type { Reply } from '../client/redis-client.js'
import { batches, grouped } from '../ledger/batches.js'
import type { LedgerContext } from '../ledger/context.js'
import { isStored, storedParcel } from '../ledger/read.js'
import type { Shard } from '../ledger/shards.js'
import type { StoredParcel } from '../parcel/record.js'
import { readHistoryScript } from '../scripts/history.js'
import { archivedParcel, livingParcel } from './archive.js'
import type { HistoryParcel } from './archive.js'

/** A parcel that lives, with what was told of it; or what is archived of it. */
export interface ToldParcel {
  readonly history: HistoryParcel
  readonly living: StoredParcel | undefined
  readonly told: readonly Buffer[]
}

/** Parcels that are neither there nor archived are left out. */
export async function readTold(
  context: LedgerContext,
  parcels: Iterable<string>,
): Promise<ReadonlyMap<string, ToldParcel>> {
  const found = new Map<string, ToldParcel>()
  const places = await context.shards.locate(parcels)
  const calls = [...grouped(places, ([, shard]) => shard)].flatMap(([shard, group]) =>
    batches(
      group.map(([id]) => id),
      () => 32,
    ).map(async (batch) => readBatch(context, shard, batch, found)),
  )
  await Promise.all(calls)
  return found
}

async function readBatch(
  context: LedgerContext,
  { keys }: Shard,
  ids: readonly string[],
  found: Map<string, ToldParcel>,
): Promise<void> {
  const call = new Arguments()
  const known = ids.map((id) => context.bodies.find(id))
  for (const [index, id] of ids.entries()) {
    call.key(keys.marks(id), keys.notes(id), keys.body(id), keys.events(id), keys.archive(id))
    call.add(known[index] === undefined ? 1 : 0)
  }
  const answers = list(await context.scripts.run(readHistoryScript, call.keys, call.args))
  for (const [index, id] of ids.entries()) {
    const told = toldParcel(context, id, list(answers[index]), known[index])
    if (told !== undefined) found.set(id, told)
  }
}

function toldParcel(
  context: LedgerContext,
  id: string,
  answer: readonly Reply[],
  known: ParcelBody | undefined,
): ToldParcel | undefined {
  const [marks, notes, stored, events] = answer
  if (marks === null || marks === undefined) {
    if (stored === null || stored === undefined) return undefined
    return { history: archivedParcel(id, bytes(stored)), living: undefined, told: [] }
  }
  const living = storedParcel(context, id, [marks, notes ?? [], stored ?? null], known)
  if (!isStored(living)) return undefined
  const told = list(events).map(bytes)
  return { history: livingParcel(living, told), living, told }
}
