import type { RunRecord } from '@reachkit/core/spec'
import { list, optionalText, text } from '../client/replies.js'
import { readHashesScript } from '../scripts/plans.js'
import type { LedgerContext } from './context.js'
import type { Shard } from './shards.js'

export async function readRun(context: LedgerContext, id: string): Promise<RunRecord | undefined> {
  for (const shard of await context.shards.all()) {
    const [run] = await readRunsOf(context, shard, [id])
    if (run !== undefined) return run
  }
  return undefined
}

/** Where a run is: its id tells no tenant. */
export async function shardOfRun({ scripts, shards }: LedgerContext, id: string): Promise<Shard | undefined> {
  for (const shard of await shards.all()) if ((await scripts.command('exists', shard.keys.run(id))) !== 0) return shard
  return undefined
}

const runsAtOnce = 100

/** The runs of a task, the newest firing first. */
export async function readRuns(
  context: LedgerContext,
  task: string,
  { open, limit }: { readonly open?: boolean; readonly limit: number },
): Promise<readonly RunRecord[]> {
  const found: RunRecord[] = []
  for (const shard of await context.shards.all()) {
    for (let at = 0; found.length < limit; at += runsAtOnce) {
      const page = ['zrevrange', shard.keys.runsOf(task), at, at + runsAtOnce - 1] as const
      const ids = list(await context.scripts.command(...page)).map(text)
      const runs = await readRunsOf(context, shard, ids)
      found.push(...runs.filter(({ done }) => open !== true || !done))
      if (ids.length < runsAtOnce) break
    }
  }
  return found.slice(0, limit)
}

async function readRunsOf(
  { scripts }: LedgerContext,
  { keys }: Shard,
  ids: readonly string[],
): Promise<readonly RunRecord[]> {
  if (ids.length === 0) return []
  const names = ids.map((id) => keys.run(id))
  const rows = list(await scripts.run(readHashesScript, names, ['t', 'k', 'p', 'i', 'v', 'c', 'o']))
  return ids.flatMap((id, index) => {
    const [task, key, part = '', instant = '', revision, cursor = '', done] = list(rows[index]).map(optionalText)
    if (task === undefined) return []
    const identity = { id, task, key: key ?? instant, part }
    return [{ ...identity, instant: Number(instant), revision: Number(revision), cursor, done: done === '1' }]
  })
}
