import { AcceptQueue } from '../intake/accept-queue.js'
import type { IntakeEngine } from '../intake/intake-engine.js'
import { AnnouncedIntake } from '../relay/announced-intake.js'
import { ReachError } from '../spec/index.js'
import type { NewParcel } from '../spec/index.js'
import { parkSpooled } from '../spool/park-spooled.js'
import { Spool } from '../spool/spool.js'
import type { SpoolSettings } from '../spool/spool-options.js'
import { createIds } from './create-ids.js'
import type { EngineOptions } from './engine-options.js'
import type { OpenEngine } from './engine.js'

const openEveryMs = 1_000

/** Stands in for an engine whose store could not be opened yet. */
export interface ShutEngine extends IntakeEngine {
  /** What was spooled and is not drained stays on the disk; who waits is refused. */
  close(): Promise<void>
}

/**
 * A process that starts while the store is away takes messages too, and spools them. `open` is asked for the engine
 * again and again; once it is there, what was spooled is drained by it.
 */
export async function openShut(
  options: EngineOptions,
  settings: SpoolSettings,
  open: () => Promise<OpenEngine>,
): Promise<ShutEngine> {
  const { clock, random, logger } = options
  const { owner, nextId } = createIds(clock, random)
  const late = new LateEngine(options, open)
  const accept = async (parcels: readonly NewParcel[]) => late.now.ledger.accept(parcels)
  const intake = new AnnouncedIntake(
    { accept },
    {
      accepted() {},
      ended: (id, to) => late.now.waits.ended(id, to),
      push: (envelopes) => late.now.push(envelopes),
    },
  )
  const delivery = {
    intake,
    park: async (parcel: NewParcel) => parkSpooled(parcel, late.now.ledger, (id, to) => late.now.waits.ended(id, to)),
    refresh: async () => late.now.storeClock.refresh(),
    maxAgeMs: Math.min(settings.maxAgeMs, 86_400_000),
  }
  const storeNow = (): number => late.nowOrNone?.storeClock.now() ?? clock.now()
  const spool = await Spool.open(settings, { clock, logger, owner, nextId, storeNow, delivery })
  const ledger = { capabilities: { durable: true, pool: false, reservations: false }, accept }
  const arrivals = { accepted() {}, push: late.push }
  const accepts = new AcceptQueue(ledger, nextId, clock, arrivals, spool)
  late.start()
  return {
    accepts,
    people: undefined,
    waits: { wait: async (id) => (await late.opened).waits.wait(id, Number.POSITIVE_INFINITY) },
    storeClock: { now: storeNow },
    get state() {
      return late.now.state
    },
    context: { clock, aborting: late.stopping.signal },
    async close() {
      late.stop()
      await accepts.close()
      await spool.close()
    },
  }
}

/** The engine, once it is open. */
class LateEngine {
  readonly opened: Promise<OpenEngine>
  readonly stopping: AbortController = new AbortController()
  nowOrNone: OpenEngine | undefined
  readonly #options: EngineOptions
  readonly #open: () => Promise<OpenEngine>
  #resolve: (engine: OpenEngine) => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor(options: EngineOptions, open: () => Promise<OpenEngine>) {
    this.#options = options
    this.#open = open
    this.opened = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.opened.catch(() => {})
  }

  /** @throws ReachError `REACH_STORE_UNAVAILABLE` until then. */
  get now(): OpenEngine {
    if (this.nowOrNone !== undefined) return this.nowOrNone
    throw new ReachError('REACH_STORE_UNAVAILABLE', `the store '${this.#options.store.name}' could not be opened yet`)
  }

  readonly push: OpenEngine['push'] = (envelopes) => this.nowOrNone?.push(envelopes)

  /** Asks until the store is there. */
  start(): void {
    this.#options.clock.setTimer(openEveryMs, () => {
      if (!this.stopping.signal.aborted) void this.#try()
    })
  }

  async #try(): Promise<void> {
    try {
      this.nowOrNone = await this.#open()
      this.#resolve(this.nowOrNone)
    } catch {
      this.start()
    }
  }

  stop(): void {
    this.stopping.abort()
    this.#reject(new ReachError('REACH_STOPPED', 'Reachkit was stopped before the message was settled'))
  }
}
