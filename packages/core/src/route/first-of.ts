import type { Duration } from '../duration/index.js'
import { OptionReader } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import { nodesOfLegs } from './legs.js'
import type { RouteNode, RouteWait } from './route.js'
import { routeOf, type KnownChannelOrRoute, type NamesOf, type Route } from './typed-route.js'

/** A route that tries one leg after the other. */
export interface FirstOf<out Names extends string> extends Route<Names> {
  /**
   * Goes on to the next leg although one was sent, unless its receipt came `within` that time:
   * `firstOf('inbox', 'sms').unless('read', { within: '10m' })`. It needs a channel that tells receipts. A read message
   * counts as delivered too.
   * @throws ReachError `REACH_OPTION_INVALID` for another receipt, or a time that is no duration above 0.
   */
  readonly unless: (receipt: RouteWait['until'], options: { readonly within: Duration }) => Route<Names>
}

/**
 * Tries its legs from left to right until one is sent: `firstOf('email', 'sms')`. A leg is passed over when the
 * recipient has no address there, a policy stops it, or the provider refuses it for good.
 * @throws ReachError `REACH_ROUTE_INVALID` without a leg, for a leg that is neither a channel nor a route, and for a
 * channel that stands in it twice.
 */
export function firstOf<const Legs extends readonly [KnownChannelOrRoute, ...KnownChannelOrRoute[]]>(
  ...legs: Legs
): FirstOf<NamesOf<Legs>> {
  const nodes = nodesOfLegs('firstOf', legs)
  return routeOf(firstOfNode(nodes, undefined), {
    unless: (until: unknown, options: unknown): Route<NamesOf<Legs>> =>
      routeOf(firstOfNode(nodes, parseWait(until, options)), {}),
  })
}

function firstOfNode(legs: readonly RouteNode[], wait: RouteWait | undefined): RouteNode {
  return { kind: 'firstOf', legs, wait }
}

function parseWait(until: unknown, options: unknown): RouteWait {
  if (until !== 'delivered' && until !== 'read') {
    throw new ReachError('REACH_OPTION_INVALID', "unless(): the receipt must be 'delivered' or 'read'.")
  }
  const reader = new OptionReader('REACH_OPTION_INVALID', 'unless()', options, ['within'])
  const withinMs = reader.durationMs('within', 1) ?? reader.refuse('within', "a duration, such as '10m'")
  return Object.freeze({ until, withinMs })
}
