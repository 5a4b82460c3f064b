import type { Logger, Random } from '@reachkit/core/spec'
import type { Scripts } from '../client/script.js'
import type { BodyCache } from './body-cache.js'
import type { Shards } from './shards.js'

/** Lengths of time in milliseconds, and what is kept; every default filled in. */
export interface Settings {
  readonly prefix: string
  readonly isolated: boolean
  readonly retentionMs: number
  readonly dedupeMs: number
  readonly pushAgainMs: number
  /** 0 for no history beyond retention. */
  readonly historyMs: number
  readonly compress: boolean
}

export interface LedgerContext {
  readonly scripts: Scripts
  readonly shards: Shards
  readonly settings: Settings
  readonly random: Random
  readonly logger: Logger
  readonly bodies: BodyCache
  /** Called when there is something for history to take in. */
  readonly fed: () => void
}
