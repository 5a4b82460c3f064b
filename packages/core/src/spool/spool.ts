import { errorName } from '../io/error-name.js'
import { Coalescer } from '../io/coalescer.js'
import type { Clock, Logger, NewParcel } from '../spec/index.js'
import { createYielder } from '../yielding/index.js'
import { showLife } from './alive.js'
import { adoptFiles, fileName, makeDirectory, syncDirectory } from './files.js'
import { encodeRecord } from './record.js'
import { SpoolDrain } from './spool-drain.js'
import type { Delivery } from './spool-drain.js'
import { spoolError, spoolFull } from './spool-error.js'
import { SpoolFile } from './spool-file.js'
import type { SpoolSettings } from './spool-options.js'

const mostParcels = 500
const adoptEveryMs = 5_000
const syncEveryMs = 1_000

export interface SpoolContext {
  readonly clock: Clock
  readonly logger: Logger
  /** Names this process: 32 symbols or fewer, letters and digits. */
  readonly owner: string
  readonly nextId: () => string
  /** The store's clock, as this process knows it. */
  readonly storeNow: () => number
  readonly delivery: Delivery
}

/**
 * Messages that wait on this machine while the store is away: a file for this process alone, and those of processes that
 * died. Each record is a parcel that was told to somebody under its ids; it is accepted under the same ones.
 */
export class Spool {
  readonly #settings: SpoolSettings
  readonly #context: SpoolContext
  readonly #hideLife: () => Promise<void>
  readonly #appends: Coalescer<NewParcel, true>
  /** Oldest first: the last one may be the one that is written to. */
  readonly #files: SpoolFile[] = []
  readonly #drain: SpoolDrain
  /** Origins of files that this process has or had. */
  readonly #known = new Set<string>()
  #active: SpoolFile | undefined
  /** What is done to the file that is written to goes one after another. */
  #exclusive: Promise<unknown> = Promise.resolve()
  #cancelAdopt: (() => void) | undefined
  #cancelSync: (() => void) | undefined
  #adopting: Promise<void> | undefined
  #closed = false

  private constructor(settings: SpoolSettings, context: SpoolContext, hideLife: () => Promise<void>) {
    this.#settings = settings
    this.#context = context
    this.#hideLife = hideLife
    this.#appends = new Coalescer((parcels) => this.#alone(() => this.#write(parcels)), { most: mostParcels, width: 1 })
    this.#drain = new SpoolDrain({ ...context, dir: settings.dir, known: this.#known }, this.#files, (file) =>
      this.#finish(file),
    )
  }

  /** @throws ReachError `REACH_SPOOL_UNAVAILABLE`: better at the start than once the store is away. */
  static async open(settings: SpoolSettings, context: SpoolContext): Promise<Spool> {
    try {
      await makeDirectory(settings.dir)
      const spool = new Spool(settings, context, await showLife(settings.dir, context.owner))
      await spool.#adopt()
      spool.#adoptLater()
      return spool
    } catch (error) {
      throw spoolError(error)
    }
  }

  /** The store did not take the last one, and there is something to try it with: it need not be asked by each call. */
  get isAway(): boolean {
    return this.#drain.isAway && this.#files.length > 0
  }

  get messages(): number {
    return this.#files.reduce((sum, file) => sum + file.messages, 0)
  }

  get bytes(): number {
    return this.#files.reduce((sum, file) => sum + file.bytes, 0)
  }

  /**
   * Keeps parcels until the store is back: all of them or none.
   * @throws ReachError `REACH_SPOOL_FULL` or `REACH_SPOOL_UNAVAILABLE`
   */
  async append(parcels: readonly NewParcel[]): Promise<void> {
    await this.#appends.callAll(parcels)
    this.#drain.isAway = true
  }

  /** Drains what there is, as far as the store takes it. */
  flush(): Promise<void> {
    return this.#drain.run()
  }

  /** What is left stays on the disk: the next process of this machine drains it. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelAdopt?.()
    await this.#appends.idle()
    await this.#adopting
    await this.#drain.stop()
    this.#cancelSync?.()
    for (const file of this.#files) {
      if (this.#settings.fsync !== 'never') await file.sync().catch(() => {})
      await file.close()
    }
    await this.#hideLife()
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#exclusive.then(work)
    this.#exclusive = done.catch(() => {})
    return done
  }

  async #write(parcels: readonly NewParcel[]): Promise<readonly true[]> {
    const { clock, storeNow } = this.#context
    const { maxBytes, fsync } = this.#settings
    const yielder = createYielder(clock)
    const records: Buffer[] = []
    for (const parcel of parcels) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      records.push(encodeRecord({ at: storeNow(), parcel }))
    }
    const bytes = Buffer.concat(records)
    if (this.bytes + bytes.length > maxBytes) throw spoolFull(maxBytes)
    const messages = parcels.reduce((sum, parcel) => sum + parcel.messages.length, 0)
    try {
      const file = this.#active ?? (await this.#begin())
      await file.append(bytes, messages, fsync === 'always')
    } catch (error) {
      throw spoolError(error)
    }
    if (fsync === 'interval') this.#syncSoon()
    this.#drain.later()
    return parcels.map(() => true)
  }

  async #begin(): Promise<SpoolFile> {
    const { nextId, owner, logger } = this.#context
    const { dir, fsync } = this.#settings
    const origin = nextId()
    this.#known.add(origin)
    const file = await SpoolFile.create(fileName(dir, origin, owner, 'spool'), origin)
    if (fsync === 'always') await syncDirectory(dir)
    logger.warn({}, 'the store is away: messages wait in the spool of this machine')
    this.#active = file
    this.#files.push(file)
    return file
  }

  /** A file of which all is accepted is removed; false where more was written to it meanwhile. */
  #finish(file: SpoolFile): Promise<boolean> {
    return this.#alone(async () => {
      if (!file.isDrained) return false
      if (this.#active === file) this.#active = undefined
      this.#files.splice(this.#files.indexOf(file), 1)
      await file.remove()
      return true
    })
  }

  #syncSoon(): void {
    this.#cancelSync ??= this.#context.clock.setTimer(syncEveryMs, () => {
      this.#cancelSync = undefined
      const failed = (error: unknown): void =>
        this.#context.logger.error({ error: errorName(error) }, 'the spool could not be forced to the disk')
      void this.#alone(async () => this.#active?.sync()).catch(failed)
    })
  }

  /** Takes over what dead processes left. */
  async #adopt(): Promise<void> {
    const { owner, logger } = this.#context
    const failed = (error: unknown): void =>
      logger.error({ error: errorName(error) }, 'a file of the spool cannot be opened; it is left')
    const adopted = await adoptFiles(this.#settings.dir, owner, this.#known, failed)
    if (adopted.length === 0) return
    for (const file of adopted) this.#known.add(file.origin)
    this.#files.unshift(...adopted.toSorted((a, b) => (a.origin < b.origin ? -1 : 1)))
    logger.info({ files: adopted.length }, 'the spool of a process that died is drained by this one')
    this.#drain.later()
  }

  #adoptLater(): void {
    if (this.#closed) return
    const { logger, clock } = this.#context
    this.#cancelAdopt = clock.setTimer(adoptEveryMs, () => {
      this.#adopting = this.#adopt()
        .catch((error: unknown) =>
          logger.error({ error: errorName(error) }, 'the directory of the spool cannot be read'),
        )
        .then(() => this.#adoptLater())
    })
  }
}
