import type { LoggedEvent } from './packed.js'

/** What this process wrote of a parcel since history was told of it. */
export interface Untold {
  readonly parcel: string
  /** The version before the first of these writes, and the last one's. */
  readonly from: number
  to: number
  /** Nobody else wrote in between, and nothing was forgotten: the rest need not be read. */
  whole: boolean
  readonly size: number
  readonly events: LoggedEvent[]
  done: boolean
  /** Monotonic time. */
  readonly since: number
  /** Somebody else wrote later, and had time to tell. */
  readonly left?: boolean
}
