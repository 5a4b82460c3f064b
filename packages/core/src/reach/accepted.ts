import type { OpenEngine } from '../engine/open-engine.js'
import type { AcceptedId } from '../intake/accept-queue.js'
import { ReachError } from '../spec/index.js'
import type { Accepted } from './notify-types.js'

/** The answer of `notify`. */
export function accepted(each: readonly AcceptedId[], { waits }: OpenEngine): Accepted {
  const [first] = each
  if (first === undefined) throw new ReachError('REACH_INTERNAL', 'a call was accepted without a message')
  const { id } = first
  const settled: Accepted['settled'] = () => waits.wait(id)
  if (each.length === 1) return { id, ids: [id], deduplicated: first.deduplicated, settled }
  return { id, ids: each.map((one) => one.id), deduplicated: each.every((one) => one.deduplicated), each, settled }
}
