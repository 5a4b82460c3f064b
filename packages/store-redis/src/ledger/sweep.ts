import type { Envelope, Lane } from '@reachkit/core/spec'
import { Arguments } from '../client/arguments.js'
import { list, optionalText, text, whole } from '../client/replies.js'
import type { Reply } from '../client/redis-client.js'
import { dueScript, pushScript } from '../scripts/sweep.js'
import { batches } from './batches.js'
import { readableCargo } from './cargo.js'
import type { LedgerContext } from './context.js'
import { maintainDigests } from './digests.js'
import { forget } from './forget.js'
import { forgetRuns, isRun } from './forget-runs.js'
import type { Shard } from './shards.js'

/** One round over every tag: entries to be pushed, parcels past their retention, digests past their window. */
export async function sweep(
  context: LedgerContext,
  limit: number,
): Promise<{ readonly envelopes: readonly Envelope[]; readonly more: boolean }> {
  // What a process that died left to be told is taken in by those that go on.
  context.fed()
  const envelopes: Envelope[] = []
  let more = false
  for (const shard of await context.shards.all()) {
    const left = limit - envelopes.length
    if (left <= 0) return { envelopes, more: true }
    const swept = await sweepShard(context, shard, left)
    envelopes.push(...swept.envelopes)
    more ||= swept.more
  }
  return { envelopes, more }
}

async function sweepShard(
  context: LedgerContext,
  shard: Shard,
  limit: number,
): Promise<{ readonly envelopes: readonly Envelope[]; readonly more: boolean }> {
  const { keys } = shard
  const { scripts, settings } = context
  const call = [keys.watch, keys.done, keys.window]
  const [, due, done, window] = list(await scripts.run(dueScript, call, [limit, settings.retentionMs]))
  const ids = list(due).map(text)
  const finished = list(done).map(text)
  const pushed = await Promise.all(batches(ids, () => 4).map(async (batch) => push(context, shard, batch)))
  await forget(
    context,
    shard,
    finished.filter((name) => !isRun(name)),
  )
  await forgetRuns(context, shard, finished.filter(isRun))
  const [generation, start, carried, dropped] = list(window).map(optionalText)
  if (generation !== undefined) {
    await maintainDigests(context, shard, { generation, start, carried: carried ?? '-1', dropped: dropped ?? '1' })
  }
  return { envelopes: pushed.flat(), more: ids.length === limit || finished.length === Math.min(limit, 100) }
}

async function push(
  { scripts, settings, logger }: LedgerContext,
  { keys }: Shard,
  ids: readonly string[],
): Promise<Envelope[]> {
  const call = new Arguments().key(keys.watch).add(settings.pushAgainMs, ids.length)
  for (const id of ids) call.key(keys.entry(id)).add(id)
  return list(await scripts.run(pushScript, call.keys, call.args)).flatMap(
    (entry) => envelopeOf(list(entry), logger) ?? [],
  )
}

function envelopeOf(
  [id, due, lane, weight, tenant, stored]: readonly Reply[],
  logger: LedgerContext['logger'],
): Envelope | undefined {
  const cargo = readableCargo(text(stored), text(id), logger)
  return (
    cargo && {
      id: text(id),
      schema: 1,
      tenant: text(tenant),
      lane: text(lane) as Lane,
      due: whole(due),
      weight: whole(weight),
      cargo,
    }
  )
}
