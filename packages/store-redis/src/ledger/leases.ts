import type { Lease } from '@reachkit/core/spec'
import { Arguments } from '../client/arguments.js'
import { list } from '../client/replies.js'
import { renewScript, yieldScript } from '../scripts/work.js'
import { batches, grouped } from './batches.js'
import type { LedgerContext } from './context.js'
import type { Shard } from './shards.js'
import { readToken } from './token.js'

interface Held extends Lease {
  readonly index: number
  readonly lane: string
  readonly tenant: string
}

function byShard({ shards }: LedgerContext, leases: readonly Lease[]): (readonly [Shard, Held[]])[] {
  const held = leases.flatMap(({ entry, token }, index) => {
    const read = readToken(token)
    return read === undefined ? [] : [{ entry, token, index, ...read }]
  })
  const groups = grouped(held, ({ tenant }) => shards.of(tenant))
  return [...groups].flatMap(([shard, group]) => batches(group, () => 1).map((batch) => [shard, batch] as const))
}

export async function renew(
  context: LedgerContext,
  leases: readonly Lease[],
  leaseMs: number,
): Promise<readonly boolean[]> {
  const held = leases.map(() => false)
  const calls = byShard(context, leases).map(async ([{ keys }, batch]) => {
    const names = [keys.watch, ...batch.map(({ entry }) => keys.entry(entry))]
    const answers = list(
      await context.scripts.run(renewScript, names, [leaseMs, ...batch.flatMap(({ entry, token }) => [token, entry])]),
    )
    for (const [at, { index }] of batch.entries()) held[index] = answers[at] === 1
  })
  await Promise.all(calls)
  return held
}

/** Gives leases back; with `due`, their entries are not claimed again before that. */
export async function giveBack(
  context: LedgerContext,
  leases: readonly Lease[],
  due: number | undefined,
): Promise<void> {
  const calls = byShard(context, leases).map(async ([{ keys }, batch]) => {
    const call = new Arguments().key(keys.watch).add(context.settings.pushAgainMs, due ?? -1, batch.length)
    for (const { entry, token, lane, tenant } of batch) {
      call.key(keys.entry(entry), keys.queue(lane, tenant)).add(entry, token)
    }
    await context.scripts.run(yieldScript, call.keys, call.args)
  })
  await Promise.all(calls)
}
