import type { ChannelName } from '../channel/channel-name.js'
import { describeKind, isFields } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { RouteNode } from './route.js'

const node: unique symbol = Symbol.for('reachkit.route') as never
declare const channels: unique symbol

/**
 * How channels are combined for a message type: what `all`, `firstOf` and `split` answer. A value that never changes
 * and that any number of message types may share. `Names` are the channels in it: each needs content.
 */
export interface Route<out Names extends string = string> {
  readonly [node]: RouteNode
  readonly [channels]?: Names | undefined
}

/** What a route is built of: the name of a channel, or another route. */
export type KnownChannelOrRoute = ChannelName | Route<ChannelName>

/** Every channel that stands in these legs, however deep. */
export type NamesOf<Legs> = Legs extends readonly (infer Each)[]
  ? Each extends Route<infer Names>
    ? Names
    : Each & string
  : never

/** Makes a route of its data; `refinements` are the methods that it carries. */
export function routeOf<Names extends string, Refinements extends object>(
  data: RouteNode,
  refinements: Refinements,
): Route<Names> & Readonly<Refinements> {
  return Object.freeze({ ...refinements, [node]: deepFreeze(data) })
}

/** True for a route, whichever copy of the package built it. */
export function isRoute(value: unknown): value is Route {
  return isFields(value) && node in value
}

/**
 * The data of a route.
 * @throws ReachError `REACH_ROUTE_INVALID` for what no builder made.
 */
export function nodeOf(route: Route): RouteNode {
  if (isRoute(route)) return route[node]
  const allowed = 'a route must be built with all, firstOf or split'
  throw new ReachError('REACH_ROUTE_INVALID', `${allowed}, and was ${describeKind(route)}.`)
}

/** The channels of a route, from left to right. */
export function channelsIn(data: RouteNode): readonly string[] {
  if (data.kind === 'channel') return [data.channel]
  if (data.kind === 'split') return data.legs.map((leg) => leg.channel)
  return data.legs.flatMap(channelsIn)
}

function deepFreeze(data: RouteNode): RouteNode {
  if (data.kind !== 'channel') Object.freeze(data.legs)
  return Object.freeze(data)
}
