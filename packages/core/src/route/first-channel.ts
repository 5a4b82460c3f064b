import type { RouteNode } from './route.js'

/** The channel that a plain route starts with: one channel, or a `firstOf` of channels. Undefined for any other. */
export function firstChannel(node: RouteNode): string | undefined {
  if (node.kind === 'channel') return node.channel
  const [first] = node.kind === 'firstOf' ? node.legs : []
  return first?.kind === 'channel' ? first.channel : undefined
}

/** True where one channel that was sent ends the route. */
export function endsWhenSent(node: RouteNode): boolean {
  if (node.kind === 'channel') return true
  return node.kind === 'firstOf' && node.wait === undefined && node.legs.every(({ kind }) => kind === 'channel')
}
