import type { Accepted, SettledMessage } from '../reach/notify-types.js'
import type { SettledWaits } from '../settled/settled-waits.js'
import { ReachError } from '../spec/index.js'
import type { Clock } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import type { AcceptedId } from './accept-queue.js'

/** The answer of `notify` for one recipient. */
export function acceptedOne({ id, deduplicated, state }: AcceptedId, waits: Pick<SettledWaits, 'wait'>): Accepted {
  return { id, ids: [id], deduplicated, state, settled: () => waits.wait(id, unknownForMs[state]) }
}

/**
 * How long the store may not know a message that was taken, in milliseconds: until its transaction is committed and
 * relayed, which a rollback never is; or until the spool is drained.
 */
const unknownForMs = { accepted: 0, pending: 300_000, spooled: Infinity } as const

/** The answer of `notify` for several. */
export async function acceptedAll(
  each: readonly AcceptedId[],
  waits: Pick<SettledWaits, 'wait'>,
  clock: Pick<Clock, 'monotonic'>,
): Promise<Accepted> {
  const [first] = each
  if (first === undefined) throw new ReachError('REACH_INTERNAL', 'a call was accepted without a message')
  if (each.length === 1) return acceptedOne(first, waits)
  const yielder = createYielder(clock)
  const ids: string[] = []
  let deduplicated = true
  let { state } = first
  for (const one of each) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    ids.push(one.id)
    deduplicated &&= one.deduplicated
    if (one.state !== 'accepted') state = one.state
  }
  const settled = (): Promise<SettledMessage> => waits.wait(first.id, unknownForMs[first.state])
  return { id: first.id, ids, deduplicated, state, each, settled }
}
