import { errorName } from '../io/error-name.js'
import { LinkedSet } from '../linked-set/index.js'
import type { Linked } from '../linked-set/index.js'
import type { Clock, Envelope, Ledger, Logger, Pool } from '../spec/index.js'

/** A lease as this process holds it. `until` is monotonic time: what was told before the call that gave it. */
export interface HeldLease extends Linked {
  readonly entry: string
  readonly token: string
  readonly envelope: Envelope
  readonly leaseMs: number
  until: number
  lost: boolean
}

/** Renews every lease that this process holds, all in one call, three times in the time of the shortest. */
export class LeaseKeeper {
  readonly #held = new LinkedSet<HeldLease>()
  #timer: (() => void) | undefined

  constructor(
    readonly clock: Clock,
    readonly ledger: Ledger,
    readonly pool: Pool,
    readonly logger: Logger,
    readonly everyMs: number,
  ) {}

  hold(lease: HeldLease): void {
    this.#held.add(lease)
    this.#timer ??= this.clock.setTimer(this.everyMs, () => void this.#renew())
  }

  drop(lease: HeldLease): void {
    this.#held.delete(lease)
  }

  close(): void {
    this.#timer?.()
    this.#timer = undefined
  }

  async #renew(): Promise<void> {
    const leases = [...this.#held]
    const asked = this.clock.monotonic()
    try {
      if (leases.length > 0) await this.#renewAll(leases, asked)
    } catch (error) {
      this.logger.warn({ leases: leases.length, error: errorName(error) }, 'leases could not be renewed')
    }
    this.#timer = this.#held.size === 0 ? undefined : this.clock.setTimer(this.everyMs, () => void this.#renew())
  }

  async #renewAll(leases: readonly HeldLease[], asked: number): Promise<void> {
    const byLength = groupByLength(leases)
    for (const [leaseMs, same] of byLength) {
      const held = await this.ledger.renew(same, leaseMs)
      for (const [index, lease] of same.entries()) {
        if (held[index] === true) lease.until = asked + leaseMs
        else lease.lost = true
      }
    }
    await this.pool.renew(leases.map(({ envelope }) => envelope))
  }
}

function groupByLength(leases: readonly HeldLease[]): Map<number, HeldLease[]> {
  const groups = new Map<number, HeldLease[]>()
  for (const lease of leases) groups.set(lease.leaseMs, [...(groups.get(lease.leaseMs) ?? []), lease])
  return groups
}
