import { errorName } from '../io/error-name.js'
import { pause } from '../io/pause.js'
import type { AnyOutbox, Clock, Logger, NewParcel, OutboxRow } from '../spec/index.js'
import { takesNothing } from './announced-intake.js'
import type { AnnouncedIntake } from './announced-intake.js'

const pageSize = 100
const quickestMs = 5
const quickMs = 250
/** So long after a call of `in(tx)` its commit is looked for often. */
const quickForMs = 10_000
const slowMs = 1_000
/** Shorter than a claim of the outbox lasts: what is held for longer is claimed anew. */
const patienceMs = 25_000
const mostNoted = 1_000

export interface RelayOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly outbox: AnyOutbox
  readonly intake: AnnouncedIntake
  /** Looks now and then for rows of processes that died; otherwise only after appends of this process. */
  readonly always: boolean
}

interface Readable extends OutboxRow {
  readonly parcel: NewParcel
}

/**
 * Takes committed rows of an outbox into the ledger. Any process may, at any time: rows are claimed, `accept` is
 * idempotent, and no cursor is kept, so it matters neither who commits last nor who dies when.
 */
export class Relay {
  readonly #options: RelayOptions
  readonly #stopping = new AbortController()
  /** Rows that were complained of: each is once. */
  readonly #left = new Set<string>()
  #cancel: (() => void) | undefined
  #running: Promise<void> | undefined
  #waitMs = quickestMs
  #quickUntil = Number.NEGATIVE_INFINITY
  #failing = false

  constructor(options: RelayOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#options.always) this.#schedule(0)
  }

  /** This process has appended something: its commit is near. */
  expect(): void {
    this.#quickUntil = this.#options.clock.monotonic() + quickForMs
    this.#waitMs = quickestMs
    if (this.#running === undefined && !this.#failing) this.#schedule(quickestMs)
  }

  /** Takes what is committed by now, for whoever is frozen between calls. */
  async flush(): Promise<void> {
    await this.#running
    this.#cancel?.()
    if (!this.#stopping.signal.aborted) await this.#run()
  }

  /** Ends what is under way, and begins nothing more. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#cancel?.()
    await this.#running
  }

  #schedule(delayMs: number): void {
    this.#cancel?.()
    if (!this.#stopping.signal.aborted) this.#cancel = this.#options.clock.setTimer(delayMs, () => void this.#run())
  }

  #run(): Promise<void> {
    this.#running ??= this.#roundAndNext()
    return this.#running
  }

  async #roundAndNext(): Promise<void> {
    await this.#round()
    this.#running = undefined
    this.#next()
  }

  #next(): void {
    const { clock, always } = this.#options
    if (clock.monotonic() < this.#quickUntil && !this.#failing) {
      this.#schedule(this.#waitMs)
      this.#waitMs = Math.min(this.#waitMs * 2, quickMs)
    } else if (always || this.#failing) this.#schedule(slowMs)
  }

  /** Page by page, until nothing is left. Never rejects. */
  async #round(): Promise<void> {
    const { outbox, logger } = this.#options
    try {
      while (!this.#stopping.signal.aborted) {
        const rows = await outbox.claim(pageSize)
        if (rows.length === 0) break
        await this.#take(rows)
      }
      if (this.#failing) logger.info({}, 'the relay works again')
      this.#failing = false
    } catch (error) {
      if (!this.#failing) logger.error({ error: errorName(error) }, 'the relay failed; it is tried again')
      this.#failing = true
    }
  }

  async #take(rows: readonly OutboxRow[]): Promise<void> {
    const readable = rows.filter(isReadable)
    for (const { id, parcel } of rows) if (parcel === undefined) this.#leave(id)
    if (readable.length === 0) return
    const taken = await this.#accept(readable.map(({ parcel }) => parcel))
    const done = readable.filter((_, index) => taken[index] === true).map(({ id }) => id)
    for (const { id } of readable) if (!done.includes(id)) this.#leave(id)
    if (done.length > 0) await this.#options.outbox.done(done)
  }

  /** A store that is away is asked again for as long as the rows are this process' own. */
  async #accept(parcels: readonly NewParcel[]): Promise<readonly boolean[]> {
    const { clock, intake } = this.#options
    const until = clock.monotonic() + patienceMs
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, slowMs)) {
      try {
        return await intake.accept(parcels)
      } catch (error) {
        const again = takesNothing(error) && clock.monotonic() + waitMs < until
        if (!again || !(await pause(clock, waitMs, this.#stopping.signal))) throw error
      }
    }
  }

  /** It stays where it is: a version of the app that can read it may come. */
  #leave(row: string): void {
    if (this.#left.has(row)) return
    if (this.#left.size >= mostNoted) this.#left.clear()
    this.#left.add(row)
    this.#options.logger.error({ row }, 'a row of the outbox cannot be accepted; it is left there')
  }
}

function isReadable(row: OutboxRow): row is Readable {
  return row.parcel !== undefined
}
