import { ReachError } from '@reachkit/core/spec'
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

export function isStored(read: ReadParcel): read is StoredParcel {
  return typeof read === 'object'
}

/** Reads parcels, each as it stood at one instant; those that are not there or cannot be read are left out. */
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
  for (const parcel of (await Promise.all(calls)).flat()) if (isStored(parcel)) found.set(parcel.id, parcel)
  return found
}

/** One of a shard that is known. */
export async function readParcel(context: LedgerContext, shard: Shard, parcel: string): Promise<ReadParcel> {
  const [read] = await readBatch(context, shard, [parcel])
  return read ?? 'gone'
}

async function readBatch(
  context: LedgerContext,
  { keys }: Shard,
  parcels: readonly string[],
): Promise<readonly ReadParcel[]> {
  const call = new Arguments()
  const known = parcels.map((id) => context.bodies.find(id))
  for (const [index, id] of parcels.entries()) {
    call.key(keys.marks(id), keys.notes(id), keys.body(id)).add(known[index] === undefined ? 1 : 0)
  }
  const answers = list(await context.scripts.run(readScript, call.keys, call.args))
  return parcels.map((id, index) => storedParcel(context, id, list(answers[index]), known[index]))
}

/** `unreadable`: it is there, and nobody can tell what of it is left to do. */
export type ReadParcel = StoredParcel | 'gone' | 'unreadable'

/**
 * A parcel of what a script answers: marks, notes, and the body unless it was known when the script was called. Marks go
 * when a parcel is forgotten, so one that has them and no body is damaged, like one with a body that cannot be read.
 */
export function storedParcel(
  { bodies, logger }: LedgerContext,
  id: string,
  [marks, notes, stored]: readonly Reply[],
  known: ParcelBody | undefined,
): ReadParcel {
  if (marks === null || marks === undefined) {
    bodies.drop(id)
    return 'gone'
  }
  const read = readable(() => ({ marks: readMarks(bytes(marks)), notes: readNotes(list(notes)) }))
  if (read instanceof Error) {
    const fields = { parcel: id, code: 'unreadable', error: read.name }
    logger.error(fields, 'where the messages of a parcel stand cannot be read; they are left as they are')
    return 'unreadable'
  }
  const body = readable(() => known ?? wholeBody(bodies.get(id, bytes(stored)), read.marks.size))
  if (!(body instanceof Error)) return { id, body, ...read }
  const fields = { parcel: id, code: 'unreadable', error: body.name }
  logger.error(fields, 'a body of the store cannot be read; its messages are parked in the end')
  return { id, body: unreadableBody(read.marks.size), ...read }
}

function wholeBody(body: ParcelBody | undefined, size: number): ParcelBody {
  if (body !== undefined && body.messages.length >= size) return body
  throw new ReachError('REACH_STORE_UNAVAILABLE', 'a parcel of the store is not whole')
}

/** What is read, or the error that says why it cannot be. */
function readable<T>(read: () => T): T | Error {
  try {
    return read()
  } catch (error) {
    return error instanceof Error ? error : new TypeError(typeof error)
  }
}
