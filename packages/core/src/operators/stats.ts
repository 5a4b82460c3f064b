import type { OpenEngine } from '../engine/engine.js'
import { messageId } from '../spec/index.js'
import type { PoolDepth } from '../spec/index.js'
import type { LaneStats, ReachStats } from './types.js'

/** What an operator watches, as it stands now. */
export async function readStats(engine: OpenEngine): Promise<ReachStats> {
  const { pool, dispatcher, context, outbox, spool } = engine
  const [depths, backlog] = await Promise.all([pool.depth(), outbox?.backlog?.()])
  return {
    lanes: await Promise.all(depths.toSorted(byLane).map((depth) => laneOf(depth, engine))),
    inFlight: dispatcher?.inFlight ?? 0,
    takeovers: context.takeovers.count,
    spooled: spool && { messages: spool.messages, bytes: spool.bytes },
    outbox: backlog && {
      waiting: backlog.waiting,
      oldest: backlog.oldest === undefined ? undefined : new Date(backlog.oldest),
    },
  }
}

function byLane(a: PoolDepth, b: PoolDepth): number {
  return `${a.lane} ${a.tenant}` < `${b.lane} ${b.tenant}` ? -1 : 1
}

async function laneOf({ lane, tenant, waiting, leased, oldestDue }: PoolDepth, engine: OpenEngine): Promise<LaneStats> {
  const due = oldestDue === 0 ? await acceptedFirst({ lane, tenant }, engine) : oldestDue
  const oldestMs = due === undefined ? undefined : Math.max(0, engine.storeClock.now() - due)
  return { priority: lane, tenant, waiting, leased, oldestMs }
}

/** A pool need not know since when that waits which was due at once. */
async function acceptedFirst(
  where: Pick<PoolDepth, 'lane' | 'tenant'>,
  { ledger }: OpenEngine,
): Promise<number | undefined> {
  const [entry] = await ledger.pending(where, 1)
  if (entry?.cargo.kind !== 'messages') return entry?.due
  const { parcel, positions } = entry.cargo
  const [record] = await ledger.get([messageId(parcel, positions[0] ?? 0)])
  return record === undefined || record.due > 0 ? record?.due : record.acceptedAt
}
