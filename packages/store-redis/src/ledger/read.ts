import { Arguments } from '../client/arguments.js'
import { bytes, list } from '../client/replies.js'
import type { Reply } from '../client/redis-client.js'
import { unreadableBody } from '../parcel/body.js'
import type { ParcelBody } from '../parcel/body.js'
import { readMarks } from '../parcel/marks.js'
import { readNotes } from '../parcel/notes.js'
import type { StoredParcel } from '../parcel/record.js'
import { readScript } from '../scripts/work.js'
import { batches, grouped } from './batches.js'
import type { LedgerContext } from './context.js'
import type { Shard } from './shards.js'

const parcelsACall = 16

/** Reads parcels, each as it stood at one instant; those that are not there are left out. */
export async function readParcels(
  context: LedgerContext,
  parcels: Iterable<string>,
): Promise<ReadonlyMap<string, StoredParcel>> {
  const found = new Map<string, StoredParcel>()
  const places = await context.shards.locate(parcels)
  const calls = [...grouped(places, ([, shard]) => shard)].flatMap(([shard, group]) =>
    batches(
      group.map(([parcel]) => parcel),
      () => 500 / parcelsACall,
    ).map(async (batch) => readBatch(context, shard, batch)),
  )
  for (const batch of await Promise.all(calls)) for (const parcel of batch) found.set(parcel.id, parcel)
  return found
}

async function readBatch(
  context: LedgerContext,
  { keys }: Shard,
  parcels: readonly string[],
): Promise<readonly StoredParcel[]> {
  const call = new Arguments()
  const known = parcels.map((id) => context.bodies.find(id))
  for (const [index, id] of parcels.entries()) {
    call.key(keys.marks(id), keys.notes(id), keys.body(id)).add(known[index] === undefined ? 1 : 0)
  }
  const answers = list(await context.scripts.run(readScript, call.keys, call.args))
  return parcels.flatMap((id, index) => storedParcel(context, id, list(answers[index]), known[index]) ?? [])
}

/** A parcel of what a script answers: marks, notes, and the body unless it was known when the script was called. */
export function storedParcel(
  { bodies, logger }: LedgerContext,
  id: string,
  [marks, notes, stored]: readonly Reply[],
  known: ParcelBody | undefined,
): StoredParcel | undefined {
  if (marks === null || marks === undefined) {
    bodies.drop(id)
    return undefined
  }
  const read = { marks: readMarks(bytes(marks)), notes: readNotes(list(notes)) }
  try {
    const body = known ?? bodies.get(id, stored === null || stored === undefined ? undefined : bytes(stored))
    return body && { id, body, ...read }
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    logger.error({ parcel: id, error: name }, 'a body of the store cannot be read; its messages are parked in the end')
    return { id, body: unreadableBody(read.marks.size), ...read }
  }
}
