import type { Clock } from '@reachkit/core/spec'
import { codeOf } from '../database/retry.js'
import { byWeight } from '../ledger/core.js'
import type { WrittenParcel } from '../ledger/unit.js'
import { Telling } from './telling.js'
import type { FeedContext } from './telling.js'
import type { Untold } from './untold.js'

const everyMs = 250
/** What is not done yet is told that much later: mostly it is done by then, and written once. */
const openMs = 500
/** Messages that one transaction tells of: it is short. */
const mostMessages = 500
/** What is kept in memory of what history is to be told; beyond it, the tables tell the same, only slower. */
const mostKept = 100_000

/**
 * Tells history what the ledger wrote: some time after the commit, so that an accept and its settlement are written once,
 * by whoever wrote last. What a crash loses of it is found by `told` being behind `version`, and told by `repair`.
 */
export class Feed {
  readonly #context: FeedContext
  readonly #clock: Clock
  #untold = new Map<string, Untold>()
  #kept = 0
  #timer: (() => void) | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(context: FeedContext, clock: Clock) {
    this.#context = context
    this.#clock = clock
  }

  wrote(parcels: readonly WrittenParcel[]): void {
    const now = this.#clock.monotonic()
    for (const written of parcels) this.#note(written, now)
    this.#wait()
  }

  #note({ parcel, version, size, events, done }: WrittenParcel, now: number): void {
    const known = this.#untold.get(parcel)
    const from = version - 1
    const untold: Untold = known ?? { parcel, from, to: from, whole: true, size, events: [], done, since: now }
    if (known === undefined) this.#untold.set(parcel, untold)
    untold.whole &&= untold.to === from && this.#kept < mostKept
    untold.to = Math.max(untold.to, version)
    untold.done = done
    if (!untold.whole) return
    for (const event of events) untold.events.push(event)
    this.#kept += events.length
  }

  #wait(): void {
    if (this.#untold.size > 0 && !this.#closed) this.#timer ??= this.#clock.setTimer(everyMs, () => void this.#flush())
  }

  /** Tells what is done, and what has waited long enough; everything where the store closes. */
  async #flush(): Promise<void> {
    this.#timer?.()
    this.#timer = undefined
    if (this.#running !== undefined) await this.#running
    const before = this.#clock.monotonic() - openMs
    const ripe: Untold[] = []
    for (const untold of this.#untold.values()) {
      if (!this.#closed && !untold.done && untold.since > before) continue
      ripe.push(untold)
      this.#untold.delete(untold.parcel)
      this.#kept -= untold.events.length
    }
    this.#running = this.#tellAll(ripe)
    await this.#running
    this.#running = undefined
    this.#wait()
  }

  async #tellAll(untold: readonly Untold[]): Promise<void> {
    for (const some of byWeight(untold, mostMessages, ({ size }) => size)) {
      try {
        const others = await new Telling(this.#context, some).run()
        for (const { parcel, done } of some) if (done) this.#context.cache.delete(parcel)
        if (!this.#closed) for (const parcel of others) this.#leave(parcel)
      } catch (error) {
        const fields = { parcels: some.length, error: codeOf(error) ?? 'unknown' }
        this.#context.logger.warn(fields, 'history could not be told; the sweep will')
      }
      // Others have to come in between: on SQLite there is one connection that writes.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Whoever wrote a parcel last tells it; this process does where the other one has not by the next time. */
  #leave(parcel: string): void {
    const rest = { from: -1, to: -1, whole: false, size: 1, events: [], done: false }
    if (!this.#untold.has(parcel))
      this.#untold.set(parcel, { parcel, ...rest, since: this.#clock.monotonic(), left: true })
  }

  /** Tells all there is of these parcels, whoever wrote it. */
  async repair(parcels: readonly string[]): Promise<void> {
    for (const parcel of parcels) await new Telling(this.#context, parcel).run()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#flush()
  }
}
