import { ReachError, type Stickiness } from '../spec/index.js'

/** What `stickyBy` of a split, among channels or among providers, was given. */
export function parseStickiness(by: unknown): Stickiness {
  if (by === 'message' || by === 'recipient') return by
  throw new ReachError('REACH_OPTION_INVALID', "stickyBy() must be given 'recipient' or 'message'.")
}
