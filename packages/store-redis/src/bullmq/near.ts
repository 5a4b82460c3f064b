import type { Clock, Lane } from '@reachkit/core/spec'

/** Instants are rounded up to this, in milliseconds, so that many entries of a share make one reading. */
const grainMs = 50
/** Instants that are kept at most; the sweep finds the others. */
const most = 10_000

export interface Share {
  readonly lane: Lane
  readonly tenant: string
}

/** Reminds of shares of which something was left in the ledger until later. */
export class Near {
  readonly #clock: Clock
  readonly #now: () => number
  readonly #look: (share: Share) => void
  readonly #instants = new Map<number, Map<string, Share>>()
  #cancel: (() => void) | undefined
  #earliest = Number.POSITIVE_INFINITY

  constructor(clock: Clock, now: () => number, look: (share: Share) => void) {
    this.#clock = clock
    this.#now = now
    this.#look = look
  }

  remind(at: number, share: Share): void {
    const instant = Math.ceil(at / grainMs) * grainMs
    const shares = this.#instants.get(instant)
    const key = `${share.lane} ${share.tenant}`
    if (shares !== undefined) return void shares.set(key, share)
    if (this.#instants.size >= most) return
    this.#instants.set(instant, new Map([[key, share]]))
    if (instant < this.#earliest) this.#set(instant)
  }

  close(): void {
    this.#cancel?.()
    this.#instants.clear()
  }

  #set(instant: number): void {
    this.#cancel?.()
    this.#earliest = instant
    // What is very far is looked at again on the way: timers have an end, and the store's clock may be set.
    const delayMs = Math.min(Math.max(0, instant - this.#now()), 600_000)
    this.#cancel = this.#clock.setTimer(delayMs, () => this.#fire())
  }

  #fire(): void {
    const now = this.#now()
    const due = new Map<string, Share>()
    let next = Number.POSITIVE_INFINITY
    for (const [instant, shares] of this.#instants) {
      if (instant > now) {
        next = Math.min(next, instant)
        continue
      }
      for (const [key, share] of shares) due.set(key, share)
      this.#instants.delete(instant)
    }
    this.#earliest = Number.POSITIVE_INFINITY
    if (next < Number.POSITIVE_INFINITY) this.#set(next)
    for (const share of due.values()) this.#look(share)
  }
}
