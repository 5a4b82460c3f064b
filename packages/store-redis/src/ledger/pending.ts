import type { Lane, PendingEntry, PendingFilter } from '@reachkit/core/spec'
import { list, optionalText, text, whole } from '../client/replies.js'
import { script } from '../client/script.js'
import type { Script } from '../client/script.js'
import { readableCargo } from './cargo.js'
import type { LedgerContext } from './context.js'
import type { Shard } from './shards.js'

const headScript: Script = script(String.raw`
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
`)

const entriesScript: Script = script(String.raw`
local t = redis.call('TIME')
local out = {t[1] * 1000 + math.floor(t[2] / 1000)}
for i = 1, #KEYS do out[i + 1] = redis.call('HMGET', KEYS[i], 'd', 'l', 'w', 't', 'c', 'k', 'u', 'o') end
return out
`)

interface Found {
  readonly shard: Shard
  readonly id: string
  readonly due: number
}

const readAtOnce = 200

/** By due time: the heads of all queues that fit, put together. */
export async function pending(
  context: LedgerContext,
  filter: PendingFilter,
  limit: number,
): Promise<readonly PendingEntry[]> {
  if (limit <= 0) return []
  const shards = filter.tenant === undefined ? await context.shards.all() : [context.shards.of(filter.tenant)]
  const queues = (await Promise.all(shards.map(async (shard) => queuesOf(context, shard, filter)))).flat()
  const before = filter.dueBefore === undefined ? '+inf' : `(${filter.dueBefore}`
  const heads = await Promise.all(queues.map(async (queue) => headOf(context, queue, before, limit)))
  const first = heads
    .flat()
    .toSorted((a, b) => a.due - b.due)
    .slice(0, limit)
  const entries: PendingEntry[] = []
  for (let at = 0; at < first.length; at += readAtOnce) {
    entries.push(...(await readEntries(context, first.slice(at, at + readAtOnce))))
  }
  return entries
}

interface Queue {
  readonly shard: Shard
  readonly lane: string
  readonly tenant: string
}

async function queuesOf({ scripts }: LedgerContext, shard: Shard, { lane, tenant }: PendingFilter): Promise<Queue[]> {
  if (lane !== undefined && tenant !== undefined) return [{ shard, lane, tenant }]
  const names = list(await scripts.command('smembers', shard.keys.queues)).map(text)
  return names
    .map((name) => ({ shard, lane: name.slice(0, 2), tenant: name.slice(3) }))
    .filter((queue) => (lane ?? queue.lane) === queue.lane && (tenant ?? queue.tenant) === queue.tenant)
}

async function headOf(
  { scripts }: LedgerContext,
  { shard, lane, tenant }: Queue,
  before: string,
  limit: number,
): Promise<Found[]> {
  const flat = list(await scripts.run(headScript, [shard.keys.queue(lane, tenant)], [before, limit]))
  const found: Found[] = []
  for (let at = 0; at + 1 < flat.length; at += 2) found.push({ shard, id: text(flat[at]), due: whole(flat[at + 1]) })
  return found
}

/** Those that are still there, in order. Entries of several tags are read tag by tag. */
async function readEntries(
  { scripts, logger }: LedgerContext,
  found: readonly Found[],
): Promise<readonly PendingEntry[]> {
  const shards = [...new Set(found.map(({ shard }) => shard))]
  const byId = new Map<Found, PendingEntry>()
  await Promise.all(
    shards.map(async (shard) => {
      const own = found.filter((one) => one.shard === shard)
      const keys = own.map(({ id }) => shard.keys.entry(id))
      const [now, ...entries] = list(await scripts.run(entriesScript, keys, []))
      for (const [index, one] of own.entries()) {
        const entry = pendingEntry(one.id, list(entries[index]), whole(now), logger)
        if (entry !== undefined) byId.set(one, entry)
      }
    }),
  )
  return found.flatMap((one) => byId.get(one) ?? [])
}

type Fields = ReturnType<typeof list>

function pendingEntry(
  id: string,
  fields: Fields,
  now: number,
  logger: LedgerContext['logger'],
): PendingEntry | undefined {
  const [due, lane, weight, tenant, stored, token, until, takeovers] = fields.map((field) => optionalText(field))
  const cargo = stored === undefined ? undefined : readableCargo(stored, id, logger)
  if (due === undefined || cargo === undefined) return undefined
  return {
    id,
    tenant: tenant ?? '',
    lane: (lane ?? 'P2') as Lane,
    due: Number(due),
    weight: Number(weight),
    cargo,
    leased: token !== undefined && Number(until) > now,
    takeovers: Number(takeovers ?? 0),
  }
}
