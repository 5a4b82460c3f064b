import type { MessageDefinition } from '../message/index.js'
import { channelsIn } from '../route/index.js'
import { ReachError } from '../spec/index.js'
import type { AnyChannel } from '../spec/index.js'

/**
 * Each message type needs one channel at least that is wired. One of several may be missing, as where it is switched
 * off in an environment: the route goes on without it.
 */
export function assertWired(
  definitions: ReadonlyMap<string, MessageDefinition>,
  channels: ReadonlyMap<string, AnyChannel>,
): void {
  for (const { key, route } of definitions.values()) {
    const named = channelsIn(route)
    if (named.some((channel) => channels.has(channel))) continue
    const wired = [...channels.keys()].join(', ') || 'none'
    throw new ReachError(
      'REACH_CHANNEL_UNKNOWN',
      `'${key}' goes by ${named.join(', ')}, and none of them is wired; wired are ${wired}`,
    )
  }
}
