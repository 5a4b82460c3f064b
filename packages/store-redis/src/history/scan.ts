import type { HistoryFilter, HistoryRow } from '@reachkit/core/spec'
import { ReachError } from '@reachkit/core/spec'
import { list, text } from '../client/replies.js'
import { Turns } from '../ledger/batches.js'
import type { LedgerContext } from '../ledger/context.js'
import type { Shard } from '../ledger/shards.js'
import { timesScript } from '../scripts/history.js'
import { fits, isNewer, newestFirst } from './filter.js'
import type { Place } from './filter.js'
import { readTold } from './read.js'

const parcelsAtOnce = 32
/** What one query may read of a tag: at most a million messages, in so many parcels. */
const mostParcels = 2_000

/** Reads all parcels of the range, newest first, and shows what fits until `show` answers false. */
export async function scan(
  context: LedgerContext,
  filter: HistoryFilter,
  after: Place | undefined,
  show: (row: HistoryRow) => boolean,
): Promise<void> {
  if (context.settings.historyMs === 0) {
    throw new ReachError('REACH_QUERY_UNSUPPORTED', 'this store keeps no history: see the option `history`')
  }
  const shards = filter.tenant === undefined ? await context.shards.all() : [context.shards.of(filter.tenant)]
  const streams = shards.map((shard) => rowsOf(context, shard, filter, after))
  const heads = await Promise.all(streams.map(async (stream) => stream.next()))
  for (;;) {
    const newest = newestOf(heads)
    const head = heads[newest]
    if (head === undefined || head.done === true || !show(head.value)) return
    const next = await streams[newest]?.next()
    if (next !== undefined) heads[newest] = next
  }
}

/** Which of the streams goes on with the newest row; -1 where all have ended. */
function newestOf(heads: readonly IteratorResult<HistoryRow, void>[]): number {
  let newest = -1
  let row: HistoryRow | undefined
  for (const [index, head] of heads.entries()) {
    if (head.done === true || (row !== undefined && newestFirst(row, head.value) <= 0)) continue
    newest = index
    row = head.value
  }
  return newest
}

/** The rows of one tag that fit, newest first. */
async function* rowsOf(
  context: LedgerContext,
  { keys }: Shard,
  filter: HistoryFilter,
  after: Place | undefined,
): AsyncGenerator<HistoryRow, void> {
  const last = Math.min(filter.to === undefined ? Infinity : filter.to - 1, after?.acceptedAt ?? Infinity)
  const range = [last === Infinity ? '+inf' : last, filter.from ?? '-inf'] as const
  for (let from = 0; ; from += parcelsAtOnce) {
    const call = [...range, from, parcelsAtOnce]
    const ids = list(await context.scripts.run(timesScript, [keys.historyTimes], call)).map(text)
    if (ids.length > 0 && from >= mostParcels) {
      const why = 'too much lies in this range of time: narrow it by `from` and `to`'
      throw new ReachError('REACH_QUERY_UNSUPPORTED', why)
    }
    yield* (await rowsIn(context, ids, (row) => isNewer(after, row) && fits(row, filter))).toSorted(newestFirst)
    if (ids.length < parcelsAtOnce) return
  }
}

async function rowsIn(
  context: LedgerContext,
  ids: readonly string[],
  wanted: (row: HistoryRow) => boolean,
): Promise<HistoryRow[]> {
  const parcels = await readTold(context, ids)
  const turns = new Turns()
  const rows: HistoryRow[] = []
  for (const id of ids) {
    await turns.pass()
    const parcel = parcels.get(id)?.history
    for (let position = 0; position < (parcel?.size ?? 0); position += 1) {
      const row = parcel?.row(position)
      if (row !== undefined && wanted(row)) rows.push(row)
    }
  }
  return rows
}
