import { TimerHeap } from '../timer-heap/index.js'
import type { Envelope } from '../spec/index.js'
import { Fifo } from './fifo.js'

interface Share {
  readonly waiting: Fifo<Envelope>
  /** Virtual time: the share with the least of it is served next. */
  pass: number
}

/**
 * Due envelopes of one lane, served in turn among tenants by stride scheduling (Waldspurger and Weihl, 1995): each
 * claim moves a share on by 1 / weight, and one that comes new starts where the lane is.
 */
export class ShareQueue {
  readonly #shares = new Map<string, Share>()
  readonly #order = new TimerHeap<Share>()
  #virtual = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  push(envelope: Envelope): void {
    const share = this.#shareOf(envelope.tenant)
    if (share.waiting.size === 0) {
      share.pass = Math.max(share.pass, this.#virtual)
      this.#order.push(share.pass, share)
    }
    share.waiting.push(envelope)
    this.#size += 1
  }

  shift(): Envelope | undefined {
    const share = this.#order.pop()
    const envelope = share?.waiting.shift()
    if (share === undefined || envelope === undefined) return undefined
    this.#virtual = share.pass
    share.pass += 1 / envelope.weight
    this.#size -= 1
    if (share.waiting.size > 0) this.#order.push(share.pass, share)
    else if (this.#shares.size > 1_000) this.#shares.delete(envelope.tenant)
    return envelope
  }

  #shareOf(tenant: string): Share {
    const known = this.#shares.get(tenant)
    if (known !== undefined) return known
    const share: Share = { waiting: new Fifo(), pass: this.#virtual }
    this.#shares.set(tenant, share)
    return share
  }
}
