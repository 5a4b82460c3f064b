import { errorName } from '../io/error-name.js'
import { takesNothing } from '../relay/announced-intake.js'
import type { AnnouncedIntake } from '../relay/announced-intake.js'
import type { Clock, Logger, NewParcel } from '../spec/index.js'
import { fileName } from './files.js'
import { decodeRecord } from './record.js'
import type { RawRecord, SpoolRecord } from './record.js'
import { SpoolFile } from './spool-file.js'

const pageSize = 64
const quickestMs = 100
const slowestMs = 1_000
/** A record that the store refuses so often, though it answers, is to blame itself. */
const mostTries = 5

/** Where records go. */
export interface Delivery {
  readonly intake: AnnouncedIntake
  readonly park: (parcel: NewParcel) => Promise<void>
  /** Asks the store for its time, or rejects where it is away. */
  readonly refresh: () => Promise<void>
  /** What is older is parked. */
  readonly maxAgeMs: number
}

export interface DrainContext {
  readonly clock: Clock
  readonly logger: Logger
  readonly owner: string
  readonly nextId: () => string
  readonly storeNow: () => number
  readonly delivery: Delivery
  readonly dir: string
  readonly known: Set<string>
}

interface Readable extends SpoolRecord {
  readonly raw: RawRecord
}

/** Brings records into the ledger, in the order in which they were written, once the store is back. */
export class SpoolDrain {
  readonly #context: DrainContext
  readonly #files: readonly SpoolFile[]
  readonly #finish: (file: SpoolFile) => Promise<boolean>
  /** What this process could not read: a newer version of the app may. */
  #unread: SpoolFile | undefined
  #running: Promise<void> | undefined
  #cancel: (() => void) | undefined
  #waitMs = quickestMs
  #tries = 0
  #stopped = false
  /** The store was away when it was asked last. */
  isAway = false

  constructor(context: DrainContext, files: readonly SpoolFile[], finish: (file: SpoolFile) => Promise<boolean>) {
    this.#context = context
    this.#files = files
    this.#finish = finish
  }

  /** There is something to drain. */
  later(): void {
    if (this.#stopped || this.#cancel !== undefined || this.#running !== undefined) return
    this.#cancel = this.#context.clock.setTimer(this.#waitMs, () => {
      this.#cancel = undefined
      void this.run()
    })
    this.#waitMs = Math.min(this.#waitMs * 2, slowestMs)
  }

  /** Drains as far as the store takes it. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#roundAndLater()
    return this.#running
  }

  async #roundAndLater(): Promise<void> {
    await this.#round()
    this.#running = undefined
    if (this.#files.length > 0) this.later()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#running
    await this.#unread?.close()
  }

  async #round(): Promise<void> {
    const { delivery, logger } = this.#context
    let drained = 0
    try {
      if (this.#files.length > 0) await delivery.refresh()
      for (let [file] = this.#files; file !== undefined && !this.#stopped; [file] = this.#files) {
        drained += await this.#page(file)
        this.isAway = false
        this.#waitMs = quickestMs
        this.#tries = 0
      }
    } catch (error) {
      if (!this.isAway) logger.warn({ error: errorName(error) }, 'the store does not take what waits in the spool')
      this.isAway = true
    }
    if (drained > 0) logger.info({ messages: drained }, 'messages went from the spool into the store')
  }

  /** Answers how many messages were accepted. */
  async #page(file: SpoolFile): Promise<number> {
    const { records, next, torn } = await file.read(pageSize)
    if (torn > 0) this.#context.logger.warn({ bytes: torn }, 'the spool ends in a record that was never finished')
    const count = records.reduce((sum, { messages }) => sum + messages, 0)
    await this.#deliver(records)
    await file.mark(next, count)
    if (records.length === 0) await this.#finish(file)
    return count
  }

  async #deliver(records: readonly RawRecord[]): Promise<void> {
    const { delivery, storeNow } = this.#context
    const fresh: Readable[] = []
    for (const raw of records) {
      const record = decodeRecord(raw)
      if (record === undefined) await this.#leave(raw)
      else if (storeNow() - record.at > delivery.maxAgeMs) await delivery.park(record.parcel)
      else fresh.push({ ...record, raw })
    }
    if (fresh.length === 0) return
    const taken = await this.#accept(fresh)
    for (const [index, { raw }] of fresh.entries()) if (taken[index] !== true) await this.#leave(raw)
  }

  async #accept(records: readonly Readable[]): Promise<readonly boolean[]> {
    try {
      return await this.#context.delivery.intake.accept(records.map(({ parcel }) => parcel))
    } catch (error) {
      this.#tries += 1
      // A single one: of several, the intake finds out which.
      if (records.length > 1 || this.#tries < mostTries || takesNothing(error)) throw error
      return [false]
    }
  }

  async #leave({ bytes, messages }: RawRecord): Promise<void> {
    const { dir, owner, nextId, known, logger } = this.#context
    if (this.#unread === undefined) {
      const origin = nextId()
      known.add(origin)
      this.#unread = await SpoolFile.create(fileName(dir, origin, owner, 'unread'), origin)
    }
    await this.#unread.append(bytes, messages, true)
    logger.error({ messages }, 'a record of the spool cannot be accepted; it is kept in a file beside it')
  }
}
