import { parseMessageId } from '../spec/index.js'
import type { Clock, DeadLease, Envelope, Logger, NewEntry, Random, RunRecord, TaskRecord } from '../spec/index.js'
import { DedupeWindow } from './dedupe-window.js'
import { Fifo } from './fifo.js'
import { firingId } from './firing-id.js'
import type { Parcel, Slot } from './parcel.js'
import { Runs } from './runs.js'

/** Bounds of the memory store, every default filled in. */
export interface MemoryLimits {
  readonly retentionMs: number
  /** Messages that are done and still shown. */
  readonly keepDone: number
  /** Messages that are not done. */
  readonly maxOpen: number
  readonly dedupeMs: number
  readonly maxDigests: number
  /** The first interval after which an entry is pushed again; it doubles each time. */
  readonly pushAgainMs: number
}

/** One pending entry, with its lease. `leaseUntil` is monotonic time. */
export interface Entry {
  envelope: Envelope
  token: string | undefined
  leaseUntil: number
  slices: number
  /** Leases that ran out since one last began a slice. */
  dead: readonly DeadLease[]
  takeovers: number
  pushes: number
  pushedAt: number
  due: number
}

/** Everything that the memory ledger and history keep, and the few rules that all of its verbs share. */
export class Tables {
  readonly parcels: Map<string, Parcel> = new Map()
  readonly entries: Map<string, Entry> = new Map()
  readonly tasks: Map<string, TaskRecord> = new Map()
  readonly runs: Runs = new Runs()
  readonly providerIds: Map<string, string> = new Map()
  /** Every provider that ever named a message. */
  readonly providers: Set<string | undefined> = new Set()
  readonly digests: DedupeWindow
  readonly #finished = new Fifo<{ readonly parcel: Parcel; readonly at: number }>()
  readonly #endedRuns = new Fifo<{ readonly run: string; readonly at: number }>()
  open = 0
  kept = 0
  #tokens = 0

  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly logger: Logger,
    readonly limits: MemoryLimits,
  ) {
    const lives = (parcel: string): boolean => (this.parcels.get(parcel)?.open ?? 0) > 0
    this.digests = new DedupeWindow(limits.dedupeMs, limits.maxDigests, lives, () => this.#warnOverflow())
  }

  now(): number {
    return this.clock.now()
  }

  nextToken(): string {
    this.#tokens += 1
    return `m${this.#tokens}`
  }

  slot(id: string): Slot | undefined {
    const place = parseMessageId(id)
    return place === undefined ? undefined : this.parcels.get(place.parcel)?.slots[place.position]
  }

  addEntry(tenant: string, entry: NewEntry, now: number): Envelope {
    const { id, lane, due, weight, cargo } = entry
    const envelope: Envelope = { id, schema: 1, tenant, lane, due, weight, cargo }
    this.entries.set(id, {
      envelope,
      token: undefined,
      leaseUntil: 0,
      slices: 0,
      dead: [],
      takeovers: 0,
      pushes: 0,
      pushedAt: Math.max(now, due),
      due,
    })
    if (cargo.kind === 'messages') this.#noteEntry(id, cargo.parcel, cargo.positions)
    return envelope
  }

  #noteEntry(id: string, parcel: string, positions: readonly number[]): void {
    const slots = this.parcels.get(parcel)?.slots
    for (const position of positions) {
      const slot = slots?.[position]
      if (slot !== undefined) slot.entry = id
    }
  }

  addParcel(parcel: Parcel): void {
    this.parcels.set(parcel.id, parcel)
    if (parcel.run !== undefined) this.runs.addParcel(parcel.run, parcel.id)
  }

  /** Called by a parcel whose last message is done: from now on its retention counts, and none of it while its run lives. */
  finished = (parcel: Parcel): void => {
    if (!this.runs.keep(parcel)) this.#finish(parcel)
  }

  #finish(parcel: Parcel): void {
    this.#finished.push({ parcel, at: parcel.doneAt })
    this.kept += parcel.size
  }

  /** The cursor of a run. With its last page, its own retention counts from now on, and that of its parcels. */
  moveRun(run: RunRecord): void {
    for (const parcel of this.runs.move(run)) this.#finish(parcel)
    if (!run.done) return
    this.entries.delete(run.id)
    this.#endedRuns.push({ run: run.id, at: this.now() })
  }

  /** Forgets what is past its retention, until it has looked at `most` messages. True where nothing is left to forget. */
  prune(now: number, most: number): boolean {
    const digestsDone = this.digests.prune(now, most)
    this.#pruneRuns(now, most)
    for (let looked = 0; looked < most; ) {
      const oldest = this.#finished.peek()
      if (oldest === undefined) return digestsDone
      if (oldest.at + this.limits.retentionMs > now && this.kept <= this.limits.keepDone) return digestsDone
      this.#finished.shift()
      looked += oldest.parcel.size
      this.kept -= oldest.parcel.size
      const reopened = oldest.parcel.open > 0 || oldest.parcel.doneAt !== oldest.at
      if (!reopened) this.#forget(oldest.parcel)
    }
    return false
  }

  #pruneRuns(now: number, most: number): void {
    for (let looked = 0; looked < most; looked += 1) {
      const oldest = this.#endedRuns.peek()
      if (oldest === undefined || oldest.at + this.limits.retentionMs > now) return
      this.#endedRuns.shift()
      this.#forgetRun(oldest.run, now)
    }
  }

  /** A firing that is handed out late would begin its run again. */
  #forgetRun(id: string, now: number): void {
    const run = this.runs.get(id)
    if (run === undefined) return
    if (this.entries.has(firingId(run.task, run.revision, run.instant))) {
      this.#endedRuns.push({ run: id, at: now })
      return
    }
    this.runs.remove(run)
  }

  #forget(parcel: Parcel): void {
    this.parcels.delete(parcel.id)
    this.#forgetProviderIds(parcel)
    parcel.letGo()
  }

  #forgetProviderIds(parcel: Parcel): void {
    for (const slot of parcel.slots) {
      for (const event of slot?.events ?? []) {
        if (event.providerId !== undefined) this.providerIds.delete(providerKey(event.provider, event.providerId))
      }
    }
  }

  #warned = false
  #warnOverflow(): void {
    if (this.#warned) return
    this.#warned = true
    this.logger.warn(
      { maxDigests: this.limits.maxDigests },
      'the memory store forgets dedupe keys before their window is over: raise maxDigests, or use a durable store',
    )
  }
}

export function providerKey(provider: string | undefined, providerId: string): string {
  return `${provider ?? ''}\n${providerId}`
}
