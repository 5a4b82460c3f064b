import type { RunParcel } from '@reachkit/core/spec'
import { bytes, list, optionalText, text } from '../client/replies.js'
import { readMarks, statusesOf } from '../parcel/marks.js'
import { readHashesScript, readMarksScript } from '../scripts/plans.js'
import { keepOnScript } from '../scripts/sweep.js'
import type { LedgerContext } from './context.js'
import { shardOfRun } from './runs.js'
import type { Shard } from './shards.js'

/** Where the messages of a run stand: of its parcels the marks alone are read. */
export async function readRunParcels(
  context: LedgerContext,
  run: string,
  { after = '', limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly RunParcel[]> {
  const shard = await shardOfRun(context, run)
  const found: RunParcel[] = []
  if (shard === undefined) return found
  for (let last = after; found.length < limit; ) {
    const asked = limit - found.length
    const from = last === '' ? '-' : `(${last}`
    const page = ['zrangebylex', shard.keys.parcelsOf(run), from, '+', 'limit', 0, asked] as const
    const ids = list(await context.scripts.command(...page)).map(text)
    found.push(...(await readStatuses(context, shard, ids)))
    last = ids.at(-1) ?? last
    if (ids.length < asked) break
  }
  return found
}

/** Those that were forgotten meanwhile are left out. */
async function readStatuses(
  { scripts }: LedgerContext,
  { keys }: Shard,
  ids: readonly string[],
): Promise<readonly RunParcel[]> {
  if (ids.length === 0) return []
  const names = ids.map((id) => keys.marks(id))
  const marks = list(await scripts.run(readMarksScript, names, []))
  return ids.flatMap((id, index) => {
    const stored = marks[index]
    return stored === null || stored === undefined ? [] : [{ id, statuses: statusesOf(readMarks(bytes(stored))) }]
  })
}

/** The runs of those parcels that are of one. */
export async function runsOfParcels(
  { scripts }: LedgerContext,
  { keys }: Shard,
  parcels: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  if (parcels.length === 0) return found
  const runs = list(await scripts.command('hmget', keys.parcelRuns, ...parcels)).map(optionalText)
  for (const [index, parcel] of parcels.entries()) {
    const run = runs[index]
    if (run !== undefined) found.set(parcel, run)
  }
  return found
}

/** A parcel of a run that is not done is kept for another time. */
export async function withoutOpenRuns(
  { scripts }: LedgerContext,
  { keys }: Shard,
  parcels: readonly string[],
  runs: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const wanted = [...new Set(runs.values())]
  if (wanted.length === 0) return parcels
  const names = wanted.map((run) => keys.run(run))
  const rows = list(await scripts.run(readHashesScript, names, ['o']))
  const open = new Set(wanted.filter((_, index) => list(rows[index]).map(optionalText)[0] === '0'))
  const isOpen = (parcel: string): boolean => open.has(runs.get(parcel) ?? '')
  const kept = parcels.filter(isOpen)
  if (kept.length > 0) await scripts.run(keepOnScript, [keys.done], [kept.length, ...kept])
  return parcels.filter((parcel) => !isOpen(parcel))
}
