import { encodeArchive } from '../history/archive.js'
import { readTold } from '../history/read.js'
import type { ToldParcel } from '../history/read.js'
import { Arguments } from '../client/arguments.js'
import { list, text } from '../client/replies.js'
import { forgetScript, keepParkedScript } from '../scripts/sweep.js'
import { Turns } from './batches.js'
import type { LedgerContext } from './context.js'
import { runsOfParcels, withoutOpenRuns } from './parcels-of-runs.js'
import type { Shard } from './shards.js'
import { storeTime } from '../client/store-time.js'

/**
 * Removes parcels whose retention is over; history keeps an archive of them for its own time. One with a parked message is
 * kept for as long as history shows it: what is shown as parked can be sent after all.
 */
export async function forget(context: LedgerContext, shard: Shard, done: readonly string[]): Promise<void> {
  const runs = await runsOfParcels(context, shard, done)
  const over = await withoutOpenRuns(context, shard, done, runs)
  const parcels = await withoutParked(context, shard, over)
  if (parcels.length === 0) return
  const { historyMs } = context.settings
  if (historyMs === 0) {
    const archived = { length: undefined, archive: '' } as const
    await Promise.all(parcels.map(async (id) => forgetOne(context, shard, { id, run: runs.get(id) }, archived)))
    return
  }
  const now = await storeTime(context.scripts)
  const turns = new Turns()
  const told = await readTold(context, parcels)
  for (const id of parcels) {
    await turns.pass()
    const parcel = told.get(id)
    const leftMs = parcel === undefined ? 0 : parcel.history.acceptedAt + historyMs - now
    await forgetOne(context, shard, { id, run: runs.get(id) }, archiveOf(parcel, leftMs))
  }
  await context.scripts.command('zremrangebyscore', shard.keys.historyTimes, '-inf', now - historyMs)
}

async function withoutParked(
  { scripts, settings }: LedgerContext,
  { keys }: Shard,
  done: readonly string[],
): Promise<readonly string[]> {
  const moreMs = settings.historyMs - settings.retentionMs
  if (done.length === 0 || moreMs <= 0) return done
  const call = new Arguments().key(keys.done).add(moreMs, done.length)
  for (const id of done) call.key(keys.marks(id)).add(id)
  return list(await scripts.run(keepParkedScript, call.keys, call.args)).map(text)
}

interface Archived {
  /** How much was told of it when it was read; undefined where that does not matter. */
  readonly length: number | undefined
  readonly archive: Buffer | ''
  readonly leftMs?: number
}

function archiveOf(parcel: ToldParcel | undefined, leftMs: number): Archived {
  if (parcel?.living === undefined) return { length: undefined, archive: '' }
  const length = parcel.told.length
  if (leftMs <= 0) return { length, archive: '' }
  return { length, archive: encodeArchive(parcel.living, parcel.told), leftMs: Math.ceil(leftMs) }
}

interface Forgotten {
  readonly id: string
  readonly run: string | undefined
}

async function forgetOne(
  context: LedgerContext,
  { keys }: Shard,
  { id, run }: Forgotten,
  archived: Archived,
): Promise<void> {
  const names = [keys.done, keys.body(id), keys.marks(id), keys.notes(id), keys.events(id), keys.archive(id)]
  if (run !== undefined) names.push(keys.parcelRuns, keys.parcelsOf(run))
  await context.scripts.run(forgetScript, names, [id, archived.length ?? -1, archived.archive, archived.leftMs ?? 1])
  context.bodies.drop(id)
}
