import { nodesOfLegs } from './legs.js'
import { routeOf, type KnownChannelOrRoute, type NamesOf, type Route } from './typed-route.js'

/**
 * Sends on every leg: `all('inbox', firstOf('email', 'sms'))`. The message is sent when every leg is, and partly sent
 * when some are.
 * @throws ReachError `REACH_ROUTE_INVALID` without a leg, for a leg that is neither a channel nor a route, and for a
 * channel that stands in it twice.
 */
export function all<const Legs extends readonly [KnownChannelOrRoute, ...KnownChannelOrRoute[]]>(
  ...legs: Legs
): Route<NamesOf<Legs>> {
  return routeOf({ kind: 'all', legs: nodesOfLegs('all', legs) }, {})
}
