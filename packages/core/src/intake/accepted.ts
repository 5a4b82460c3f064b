import type { Accepted, SettledMessage } from '../reach/notify-types.js'
import type { SettledWaits } from '../settled/settled-waits.js'
import { ReachError } from '../spec/index.js'
import type { Clock } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import type { AcceptedId } from './accept-queue.js'

/** The answer of `notify` for one recipient. */
export function acceptedOne({ id, deduplicated }: AcceptedId, waits: SettledWaits): Accepted {
  return { id, ids: [id], deduplicated, settled: () => waits.wait(id) }
}

/** The answer of `notify` for several. */
export async function acceptedAll(
  each: readonly AcceptedId[],
  waits: SettledWaits,
  clock: Pick<Clock, 'monotonic'>,
): Promise<Accepted> {
  const [first] = each
  if (first === undefined) throw new ReachError('REACH_INTERNAL', 'a call was accepted without a message')
  if (each.length === 1) return acceptedOne(first, waits)
  const yielder = createYielder(clock)
  const ids: string[] = []
  let deduplicated = true
  for (const one of each) {
    if (yielder.shouldYield()) await yielder.yieldTurn()
    ids.push(one.id)
    deduplicated &&= one.deduplicated
  }
  const settled = (): Promise<SettledMessage> => waits.wait(first.id)
  return { id: first.id, ids, deduplicated, each, settled }
}
