import { KeepAlive } from '../clock/keep-alive.js'
import { DeadlineWatch } from '../dispatch/deadline-watch.js'
import type { DispatchContext } from '../dispatch/dispatch-context.js'
import { LeaseKeeper } from '../dispatch/lease-keeper.js'
import { errorName } from '../io/error-name.js'
import { begun } from '../io/rejected.js'
import { ReachError } from '../spec/index.js'
import type { Ledger, Logger, Pool, StoreParts } from '../spec/index.js'
import type { WiredSplits } from '../route/wired-splits.js'
import { createIds } from './create-ids.js'
import type { EngineOptions } from './engine-options.js'
import type { OpenEngine } from './engine.js'
import { StoreClock } from './store-clock.js'
import { followWeights } from './weights.js'
import type { Weighed } from './weights.js'
import { wireSplits } from './wire-splits.js'

/** What everything else of an engine stands on. */
export interface Ground {
  readonly pool: Pool
  readonly storeClock: StoreClock
  readonly splits: ReadonlyMap<string, WiredSplits>
  readonly weighed: ReadonlyMap<string, Weighed>
  /** Follows the weights that operators set no more. */
  readonly unfollow: () => void
  readonly owner: string
  readonly nextId: () => string
  readonly keepAlive: KeepAlive
  readonly hold: () => void
  readonly release: () => void
  readonly push: OpenEngine['push']
  readonly leases: LeaseKeeper
  readonly deadlines: DeadlineWatch
  readonly stopping: AbortController
  readonly aborting: AbortController
}

export async function openGround(
  options: EngineOptions,
  channels: DispatchContext['channels'],
  parts: StoreParts,
): Promise<Ground> {
  const { clock, random, logger } = options
  const { ledger, state } = parts
  const pool = await openPool(options, parts)
  const storeClock = await StoreClock.read(clock, ledger)
  const splits = wireSplits(options.definitions)
  const weighed = new Map<string, Weighed>([...splits, ...channels])
  const unfollow = await followWeights(state, weighed, logger)
  const keepAlive = new KeepAlive(clock)
  const deadlines = new DeadlineWatch(clock)
  const aborting = new AbortController()
  aborting.signal.addEventListener('abort', () => deadlines.expireAll(), { once: true })
  return {
    pool,
    storeClock,
    splits,
    weighed,
    unfollow,
    ...createIds(clock, random),
    keepAlive,
    hold: () => keepAlive.hold(),
    release: () => keepAlive.release(),
    push: pushTo(pool, ledger, keepAlive, logger),
    leases: new LeaseKeeper(clock, ledger, pool, logger, Math.floor(options.leaseMs / 6)),
    deadlines,
    stopping: new AbortController(),
    aborting,
  }
}

async function openPool(options: EngineOptions, { ledger, pool }: StoreParts): Promise<Pool> {
  const { clock, random, logger } = options
  const opened = (await options.pool?.open({ clock, random, logger, ledger })) ?? pool
  if (opened !== undefined) return opened
  const text = `the store '${options.store.name}' has no pool: give createReach a pool`
  throw new ReachError('REACH_OPTION_INVALID', text)
}

function pushTo(pool: Pool, ledger: Ledger, keepAlive: KeepAlive, logger: Logger): OpenEngine['push'] {
  const { pool: pushesItself, durable } = ledger.capabilities
  return (envelopes) => {
    if (envelopes.length === 0 || pushesItself) return
    if (!durable) keepAlive.untilDue(envelopes)
    begun(() => pool.push(envelopes)).catch((error: unknown) => {
      logger.error({ envelopes: envelopes.length, error: errorName(error) }, 'a push failed; the sweep repeats it')
    })
  }
}
