import { describeKind, shownName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { RouteNode } from './route.js'
import { channelsIn, isRoute, nodeOf } from './typed-route.js'

/** Checks the legs of `all` or `firstOf` and answers their data. */
export function nodesOfLegs(builder: string, legs: readonly unknown[]): readonly RouteNode[] {
  if (legs.length === 0) throw new ReachError('REACH_ROUTE_INVALID', `${builder}() needs at least one leg.`)
  const nodes = legs.map((leg, index) => nodeOfLeg(`${builder}(), leg ${index + 1}`, leg))
  assertDistinct(builder, nodes.flatMap(channelsIn))
  return nodes
}

function nodeOfLeg(place: string, leg: unknown): RouteNode {
  if (isRoute(leg)) return nodeOf(leg)
  return Object.freeze({ kind: 'channel', channel: channelNameOf(place, leg) })
}

/** The name of a channel as it stands in a route. */
export function channelNameOf(place: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  const given = describeKind(value)
  throw new ReachError('REACH_ROUTE_INVALID', `${place} must be the name of a channel or a route, and was ${given}.`)
}

/** Refuses a channel that stands in a route twice: its second leg could never be told from the first. */
export function assertDistinct(builder: string, channels: readonly string[]): void {
  const twice = channels.find((channel, index) => channels.indexOf(channel) !== index)
  if (twice === undefined) return
  throw new ReachError(
    'REACH_ROUTE_INVALID',
    `${builder}() has the channel '${shownName(twice)}' twice; once is allowed.`,
  )
}
