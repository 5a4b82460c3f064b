import type { Accepted, SettledMessage } from '../reach/notify-types.js'
import type { SettledWaits } from '../settled/settled-waits.js'
import { ReachError } from '../spec/index.js'
import type { AcceptedId } from './accept-queue.js'

/** The answer of `notify` for one recipient. */
export function acceptedOne({ id, deduplicated }: AcceptedId, waits: SettledWaits): Accepted {
  return { id, ids: [id], deduplicated, settled: () => waits.wait(id) }
}

/** The answer of `notify` for several. */
export function acceptedAll(each: readonly AcceptedId[], waits: SettledWaits): Accepted {
  const [first] = each
  if (first === undefined) throw new ReachError('REACH_INTERNAL', 'a call was accepted without a message')
  if (each.length === 1) return acceptedOne(first, waits)
  const deduplicated = each.every((one) => one.deduplicated)
  const settled = (): Promise<SettledMessage> => waits.wait(first.id)
  return { id: first.id, ids: each.map(({ id }) => id), deduplicated, each, settled }
}
