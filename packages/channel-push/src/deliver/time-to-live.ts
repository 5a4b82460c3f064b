import type { Clock } from '@reachkit/core/spec'
import type { PushRequest } from '../push-channel.js'

/** What push services keep a message for at most: four weeks (Firebase, "Set the lifespan of a message"). */
const longestTtlSeconds = 28 * 24 * 60 * 60

/** Whole seconds until the message must not arrive any more, at most `longest`; 0 means now or never. */
export function ttlSeconds({ expires }: PushRequest, clock: Clock, longest: number = longestTtlSeconds): number {
  if (expires === undefined) return longest
  return Math.min(longest, Math.max(0, Math.floor((expires - clock.now()) / 1_000)))
}

/** True for what may wake a sleeping phone. */
export function isUrgent({ lane }: PushRequest): boolean {
  return lane === 'P0' || lane === 'P1'
}
