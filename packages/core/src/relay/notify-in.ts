import type { EngineOptions } from '../engine/engine-options.js'
import type { OpenEngine } from '../engine/engine.js'
import { acceptedAll } from '../intake/accepted.js'
import type { AcceptedId } from '../intake/accept-queue.js'
import { draftIntakes } from '../intake/notify.js'
import type { NotifyCall } from '../intake/notify.js'
import { groupByTenant, parcelOf } from '../intake/parcels.js'
import type { Intake } from '../intake/parcels.js'
import { begun } from '../io/rejected.js'
import type { Accepted } from '../reach/notify-types.js'
import { ReachError, isReachError, messageId } from '../spec/index.js'
import type { AnyOutbox, NewParcel } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'

/** @throws ReachError `REACH_TRANSACTION_UNSUPPORTED` where there is no outbox, or `tx` is no transaction of it. */
export function assertTransaction(tx: unknown, outbox: AnyOutbox | undefined, store: string): AnyOutbox {
  if (outbox === undefined) {
    const text = `the store '${store}' has no transactions: give createReach an outbox`
    throw new ReachError('REACH_TRANSACTION_UNSUPPORTED', text)
  }
  if (outbox.isTransaction(tx)) return outbox
  const text = 'what was given to in() is not an open transaction, such as the connection pool in the place of its `tx`'
  throw new ReachError('REACH_TRANSACTION_UNSUPPORTED', text)
}

/**
 * Checks a call like `notify`, and writes its parcels into the caller's transaction: one row each, under ids that
 * nobody else has. What is known by a key is found out when a relay accepts them.
 */
export async function notifyIn(
  tx: unknown,
  call: NotifyCall,
  engine: OpenEngine,
  options: EngineOptions,
): Promise<Accepted> {
  const outbox = assertTransaction(tx, engine.outbox, options.store.name)
  const intakes = await draftIntakes(call, engine, options)
  const { parcels, ids } = await announced(intakes, engine)
  try {
    await begun(() => outbox.append(tx, parcels))
  } catch (cause) {
    if (isReachError(cause)) throw cause
    throw new ReachError('REACH_STORE_UNAVAILABLE', 'the transaction did not take the messages', { cause })
  }
  engine.relay?.expect()
  return acceptedAll(ids, engine.waits, engine.context.clock)
}

/** Parcels whose ids are told before anybody has accepted them: a message id is parcel and position. */
async function announced(
  intakes: readonly Intake[],
  { context: { clock, nextId } }: OpenEngine,
): Promise<{ readonly parcels: readonly NewParcel[]; readonly ids: readonly AcceptedId[] }> {
  const yielder = createYielder(clock)
  const ids: AcceptedId[] = []
  const parcels: NewParcel[] = []
  for (const { intakes: group, places } of await groupByTenant(intakes, yielder)) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    const parcel = { ...parcelOf(group, nextId), announced: true }
    parcels.push(parcel)
    for (const [position, place] of places.entries())
      ids[place] = { id: messageId(parcel.id, position), deduplicated: false, state: 'pending' }
  }
  await yielder.handOver()
  return { parcels, ids }
}
