import type { DispatchContext } from '../dispatch/dispatch-context.js'
import { AnnouncedIntake } from '../relay/announced-intake.js'
import type { AnnouncedArrivals } from '../relay/announced-intake.js'
import { outboxOf } from '../relay/outbox-of.js'
import { Relay } from '../relay/relay.js'
import { parkSpooled } from '../spool/park-spooled.js'
import { Spool } from '../spool/spool.js'
import type { AnyOutbox, NewParcel, StoreParts } from '../spec/index.js'
import type { EngineOptions } from './engine-options.js'
import type { StoreClock } from './store-clock.js'

/** How messages come into the ledger whose ids were told before. */
export interface WaysIn {
  /** Whose transactions `in(tx)` takes, and what brings them into the ledger. */
  readonly outbox: AnyOutbox | undefined
  readonly relay: Relay | undefined
  /** Where messages wait while the store is away. */
  readonly spool: Spool | undefined
}

const dayMs = 86_400_000

/** Opens the spool, where there is one. Nothing is relayed before `relay.start()`. */
export async function openWaysIn(
  options: EngineOptions,
  { ledger, dedupeMs = dayMs, outbox: own }: StoreParts,
  { owner, nextId, storeNow }: DispatchContext,
  storeClock: StoreClock,
  arrivals: AnnouncedArrivals,
): Promise<WaysIn> {
  const { clock, logger, worker } = options
  const outbox = options.outbox ?? own ?? outboxOf(options)
  if (options.outbox !== undefined) await madeReady(options.outbox)
  const intake = new AnnouncedIntake(ledger, arrivals)
  const relay = outbox && new Relay({ clock, logger, outbox, intake, always: worker })
  if (options.spool === undefined) return { outbox, relay, spool: undefined }
  const delivery = {
    intake,
    park: (parcel: NewParcel) => parkSpooled(parcel, ledger, (id, to) => arrivals.ended(id, to)),
    refresh: () => storeClock.refresh(),
    maxAgeMs: Math.min(options.spool.maxAgeMs, dedupeMs),
  }
  const spool = await Spool.open(options.spool, { clock, logger, owner, nextId, storeNow, delivery })
  return { outbox, relay, spool }
}

/**
 * An outbox beside the store makes its table when it is first asked: before a transaction writes into it. Of one that is
 * away the relay tells, and whoever writes into its transactions knows.
 */
async function madeReady(outbox: AnyOutbox): Promise<void> {
  try {
    await outbox.backlog?.()
  } catch {
    // As above.
  }
}
