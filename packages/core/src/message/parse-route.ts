import { describeKind, nearestName, shownName } from '../options/index.js'
import { channelsIn, isRoute, nodeOf, type RouteNode } from '../route/index.js'
import { ReachError } from '../spec/index.js'

/** Reads a route, one channel, or nothing: then the channels in the order of `content`, `firstOf`. */
export function parseRoute(subject: string, route: unknown, channels: readonly string[]): RouteNode {
  if (route === undefined) return inOrder(channels)
  const node = nodeOfRoute(subject, route)
  for (const channel of channelsIn(node))
    if (!channels.includes(channel)) throw withoutContent(subject, channel, channels)
  return node
}

function inOrder(channels: readonly string[]): RouteNode {
  const legs = channels.map((channel) => Object.freeze({ kind: 'channel', channel } as const))
  return legs.length === 1 && legs[0] !== undefined
    ? legs[0]
    : Object.freeze({ kind: 'firstOf', legs, wait: undefined })
}

function nodeOfRoute(subject: string, route: unknown): RouteNode {
  if (typeof route === 'string') return Object.freeze({ kind: 'channel', channel: route })
  if (isRoute(route)) return nodeOf(route)
  const rule = 'route must be a channel, or built with all, firstOf or split'
  throw new ReachError('REACH_ROUTE_INVALID', `${subject}: ${rule}, and was ${describeKind(route)}.`)
}

function withoutContent(subject: string, channel: string, channels: readonly string[]): ReachError {
  const near = nearestName(channel, channels)
  const hint = near === undefined ? `It has content for ${channels.join(', ')}.` : `Did you mean '${near}'?`
  return new ReachError(
    'REACH_ROUTE_INVALID',
    `${subject}: route names '${shownName(channel)}', which has no content. ${hint}`,
  )
}
