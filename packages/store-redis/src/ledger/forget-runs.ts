import { list, optionalText } from '../client/replies.js'
import { readHashesScript } from '../scripts/plans.js'
import { forgetRunScript } from '../scripts/sweep.js'
import type { LedgerContext } from './context.js'
import { firingId } from './plans.js'
import type { Shard } from './shards.js'

/** Among what is done, a run is told from a parcel by a slash: no id has one. */
export function isRun(done: string): boolean {
  return done.startsWith('/')
}

/** Removes runs whose retention is over. */
export async function forgetRuns({ scripts }: LedgerContext, { keys }: Shard, done: readonly string[]): Promise<void> {
  const runs = done.map((name) => name.slice(1))
  if (runs.length === 0) return
  const names = runs.map((run) => keys.run(run))
  const rows = list(await scripts.run(readHashesScript, names, ['t', 'i', 'v', 'k']))
  await Promise.all(
    runs.map(async (run, index) => {
      const [task = '', instant = '', revision, key = instant] = list(rows[index]).map(optionalText)
      const firing = keys.entry(firingId(task, Number(revision), Number(instant)))
      const ofTask = [keys.firings(task), keys.runsOf(task), firing]
      await scripts.run(forgetRunScript, [keys.done, keys.run(run), keys.parcelsOf(run), ...ofTask], [run, key])
    }),
  )
}
