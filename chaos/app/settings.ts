import type { Mode } from './app.js'
import type { StoreName } from '../stores/stores.js'

/** What each process of a run is told. */
export interface ProcessSettings {
  readonly store: StoreName
  readonly url: string
  /** Of the Redis that BullMQ is on, where the pool is not the store's own. */
  readonly poolUrl: string | undefined
  readonly mode: Mode
  readonly sinkPort: number
  readonly worker: string
  /** Of the release before. */
  readonly isOld: boolean
  readonly envelopes: number
  readonly leaseMs: number
  readonly skewMs: number
}
