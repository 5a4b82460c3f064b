import type { ChannelName } from '../channel/channel-name.js'
import { describeKind, parseStickiness } from '../options/index.js'
import { ReachError, type Stickiness } from '../spec/index.js'
import { createSplitter } from '../splitter/index.js'
import { assertDistinct, channelNameOf } from './legs.js'
import type { RouteNode } from './route.js'
import { routeOf, type Route } from './typed-route.js'

/** A route that chooses one of its channels by chance. */
export interface Split<out Names extends string> extends Route<Names> {
  /**
   * By what the choice is made: `'recipient'` keeps each recipient on one channel, for every message with this route;
   * `'message'`, as without this call, chooses anew for each message.
   * @throws ReachError `REACH_OPTION_INVALID` for anything else.
   */
  readonly stickyBy: (by: Stickiness) => Route<Names>
}

type WeightedName<Name> = readonly [channel: Name, weight: number]
type SplitNode = Extract<RouteNode, { readonly kind: 'split' }>

/**
 * Chooses one channel by weighted chance: `split(['email', 50], ['sms', 50])`. Weights are proportions of any sum; a
 * channel of weight 0 is used only where the others failed.
 * @throws ReachError `REACH_ROUTE_INVALID` without a channel, for what is not a pair, and for a channel that stands in
 * it twice; `REACH_WEIGHTS_INVALID` for a weight that is no number of at least 0, or where none is above 0.
 */
export function split<const Name extends ChannelName>(
  ...legs: readonly [WeightedName<Name>, ...WeightedName<Name>[]]
): Split<Name> {
  const checked = parseLegs(legs)
  return routeOf(splitNode(checked, 'message'), {
    stickyBy: (by: unknown): Route<Name> => routeOf(splitNode(checked, parseStickiness(by)), {}),
  })
}

function splitNode(legs: SplitNode['legs'], sticky: Stickiness): RouteNode {
  return { kind: 'split', legs, sticky }
}

function parseLegs(legs: readonly unknown[]): SplitNode['legs'] {
  if (legs.length === 0) throw new ReachError('REACH_ROUTE_INVALID', 'split() needs at least one channel.')
  const pairs = legs.map((leg, index) => parsePair(`split(), leg ${index + 1}`, leg))
  assertDistinct(
    'split',
    pairs.map(([channel]) => channel),
  )
  const { weights } = createSplitter(pairs)
  return weights.map(([channel, weight]) => Object.freeze({ channel, weight }))
}

function parsePair(place: string, leg: unknown): readonly [string, number] {
  if (!Array.isArray(leg) || leg.length !== 2) {
    const given = describeKind(leg)
    throw new ReachError('REACH_ROUTE_INVALID', `${place} must be a pair ['channel', weight], and was ${given}.`)
  }
  const [channel, weight]: readonly unknown[] = leg
  if (typeof weight === 'number') return [channelNameOf(place, channel), weight]
  throw new ReachError(
    'REACH_WEIGHTS_INVALID',
    `${place}: the weight must be a number, and was ${describeKind(weight)}.`,
  )
}
