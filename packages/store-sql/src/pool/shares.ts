import type { Envelope } from '@reachkit/core/spec'

/** What one tenant has in a lane, as far as this process knows. */
export interface Share {
  readonly tenant: string
  /** Read or accepted by this process, due, and not handed out yet. */
  waiting: Envelope[]
  /** Until when `waiting` is believed, in monotonic time: another process may take the same. */
  until: number
  /** Whether the table may hold more than `waiting`; looked at again now and then. */
  mayHaveMore: boolean
  /** Virtual time: the share with the least of it is served next. */
  pass: number
}

/**
 * Tenants of one lane, served in turn by stride scheduling (Waldspurger and Weihl, 1995): each envelope moves a share on
 * by 1 / weight, and one that comes new starts where the lane is.
 */
export class Shares {
  readonly #shares = new Map<string, Share>()
  #virtual = 0

  get(tenant: string): Share | undefined {
    return this.#shares.get(tenant)
  }

  /** The share of a tenant that has something: new ones start where the lane is, and so do those that were idle. */
  active(tenant: string): Share {
    const known = this.#shares.get(tenant)
    if (known !== undefined) {
      if (known.waiting.length === 0 && !known.mayHaveMore) known.pass = Math.max(known.pass, this.#virtual)
      return known
    }
    const share: Share = { tenant, waiting: [], until: 0, mayHaveMore: false, pass: this.#virtual }
    this.#shares.set(tenant, share)
    return share
  }

  /** Forgets tenants that have nothing any more. */
  keepOnly(tenants: ReadonlySet<string>): void {
    for (const [tenant, { waiting }] of this.#shares)
      if (!tenants.has(tenant) && waiting.length === 0) this.#shares.delete(tenant)
  }

  /** Those that may have something, next first. */
  inTurn(): Share[] {
    return [...this.#shares.values()]
      .filter(({ waiting, mayHaveMore }) => waiting.length > 0 || mayHaveMore)
      .toSorted((one, other) => one.pass - other.pass)
  }

  /**
   * Takes up to `max` envelopes, each from the share whose turn it is. Stops where that one has none at hand but may have
   * more: nobody gets its turn meanwhile. Those are `starved`.
   */
  take(
    max: number,
    isFree: (envelope: Envelope) => boolean,
  ): { readonly taken: Envelope[]; readonly starved: boolean } {
    const taken: Envelope[] = []
    const order = this.inTurn()
    while (taken.length < max) {
      const share = order[0]
      if (share === undefined) return { taken, starved: false }
      const envelope = nextFree(share, isFree)
      if (envelope === undefined) {
        if (share.mayHaveMore) return { taken, starved: true }
        order.shift()
        continue
      }
      taken.push(envelope)
      this.#virtual = share.pass
      share.pass += 1 / Math.max(envelope.weight, 1e-6)
      moveBack(order)
    }
    return { taken, starved: false }
  }
}

function nextFree(share: Share, isFree: (envelope: Envelope) => boolean): Envelope | undefined {
  for (let envelope = share.waiting.shift(); envelope !== undefined; envelope = share.waiting.shift())
    if (isFree(envelope)) return envelope
  return undefined
}

/** Puts the first one where it belongs now: the others are in order. */
function moveBack(order: Share[]): void {
  const [first] = order
  if (first === undefined) return
  let low = 1
  let high = order.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((order[middle]?.pass ?? 0) <= first.pass) low = middle + 1
    else high = middle
  }
  order.splice(low, 0, first)
  order.shift()
}
