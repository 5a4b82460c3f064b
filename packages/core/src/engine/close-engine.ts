import type { DeadlineWatch } from '../dispatch/deadline-watch.js'
import type { LeaseKeeper } from '../dispatch/lease-keeper.js'
import type { Sweeper } from '../dispatch/sweeper.js'
import { ReachError } from '../spec/index.js'
import type { StoreParts } from '../spec/index.js'
import { closeDrivers } from './close-drivers.js'
import type { EngineOptions } from './engine-options.js'
import type { OpenEngine } from './engine.js'
import type { TaskRunner } from '../tasks/task-runner.js'

type Used = 'context' | 'ledger' | 'pool' | 'accepts' | 'waits' | 'keepAlive' | 'dispatcher' | 'relay' | 'spool'

/** Everything of an engine that has an end. */
export interface Closing extends Pick<OpenEngine, Used> {
  readonly options: EngineOptions
  readonly parts: StoreParts
  readonly stopping: AbortController
  readonly aborting: AbortController
  readonly sweeper: Sweeper
  readonly leases: LeaseKeeper
  readonly deadlines: DeadlineWatch
  readonly unfollow: () => void
  readonly runner: TaskRunner | undefined
}

/** Takes nothing new, waits for what is in flight, and ends what takes longer than `timeoutMs`; then closes what was opened. */
export async function closeEngine(engine: Closing, timeoutMs: number): Promise<void> {
  const { context, ledger, pool, accepts, waits, keepAlive, dispatcher, relay, spool } = engine
  const { options, parts, stopping, aborting, sweeper, leases, deadlines, unfollow } = engine
  stopping.abort()
  const swept = sweeper.stop()
  const cancel = options.clock.setTimer(timeoutMs, () => aborting.abort())
  await accepts.close()
  await spool?.close()
  await relay?.stop()
  await dispatcher?.ended()
  // A ledger that hangs in a sweep does not keep the process: whoever stops said for how long.
  await Promise.race([swept, aborted(aborting.signal)])
  engine.runner?.close()
  await context.evidence.close()
  await Promise.race([context.health?.close(), aborted(aborting.signal)])
  leases.close()
  unfollow()
  await waits.close(new ReachError('REACH_STOPPED', 'Reachkit was stopped before the message was settled'))
  await closeDrivers(context)
  deadlines.close()
  cancel()
  await options.outbox?.close?.()
  if (options.pool !== undefined) await pool.close()
  await ledger.close()
  await parts.close()
  keepAlive.close()
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
