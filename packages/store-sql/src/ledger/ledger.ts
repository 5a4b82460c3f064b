import type {
  Acceptance,
  BeginAnswer,
  BeginRequest,
  CancelAnswer,
  Change,
  ChangeAnswer,
  Claim,
  ClaimRequest,
  Envelope,
  HistoryEvent,
  Lease,
  Ledger,
  LedgerCapabilities,
  MessageRecord,
  NewParcel,
  PendingEntry,
  PendingFilter,
  RunBegin,
  RunBegun,
  RunRecord,
  SettleAnswer,
  Settlement,
  TaskRecord,
  TaskSaved,
} from '@reachkit/core/spec'
import type { Transaction } from 'kysely'
import type { ReachTables } from '../database/tables.js'
import { endReservations } from '../state/budgets.js'
import { acceptAll, packParcel } from './accept.js'
import type { Accepted, PackedParcel } from './accept.js'
import { claimAll, renewAll, yieldAll } from './claim.js'
import type { ClaimItem } from './claim.js'
import { Coalescer } from './coalescer.js'
import type { Outcome } from './coalescer.js'
import { byWeight, createTurn, inOneStep, mostMessagesAtOnce, readBodies } from './core.js'
import type { LedgerContext } from './core.js'
import { envelopeOf } from './entries.js'
import { beginJob, cancelJob, changeJob, noteJob, settleJob } from './jobs.js'
import type { Job } from './jobs.js'
import { readPending, readRecords } from './reads.js'
import type { RuleInputs } from './rules.js'
import { Sweep } from './sweep.js'
import { beginRun, readRun, readTasks, saveTask } from './tasks.js'
import { Unit } from './unit.js'
import type { Written } from './unit.js'

/** The ledger in tables of a database. Every verb is as many round trips as it has tables, whatever the batch. */
export class SqlLedger implements Ledger {
  readonly specVersion = 1
  readonly capabilities: LedgerCapabilities
  readonly #context: LedgerContext
  readonly #sweep: Sweep
  readonly #accepts: Coalescer<PackedParcel, Acceptance>
  readonly #claims: Coalescer<ClaimItem, Claim>
  readonly #units: Coalescer<Job, unknown>

  constructor(context: LedgerContext, capabilities: LedgerCapabilities) {
    this.#context = context
    this.capabilities = capabilities
    const bounds = { mostWeight: mostMessagesAtOnce, mostAtOnce: context.dialect.name === 'sqlite' ? 1 : 2 }
    const accepts = { ...bounds, weigh: weightOfParcel, isUrgent: isUrgentParcel }
    const claims = { ...bounds, weigh: weightOfClaim, isUrgent: isUrgentClaim }
    this.#accepts = new Coalescer((parcels) => this.#accept(parcels), accepts)
    this.#claims = new Coalescer((items) => claimAll(context, items), claims)
    this.#units = new Coalescer((jobs) => this.#work(jobs), { ...bounds, weigh: weightOfJob })
    this.#sweep = new Sweep(context, capabilities.pool)
  }

  async now(): Promise<number> {
    const { db, dialect } = this.#context
    const { now } = await db.selectNoFrom(dialect.now.as('now')).executeTakeFirstOrThrow()
    return now
  }

  async accept(parcels: readonly NewParcel[]): Promise<readonly Acceptance[]> {
    const packed: PackedParcel[] = []
    const turn = createTurn()
    for (const parcel of parcels) {
      if (turn.isOver()) await turn.end()
      packed.push(packParcel(parcel))
    }
    const answers: Acceptance[] = []
    for (const some of byWeight(packed, mostMessagesAtOnce, weightOfParcel))
      answers.push(...(await this.#accepts.call(some)))
    return answers.map((answer) => this.#pushed(answer))
  }

  async #accept(parcels: readonly PackedParcel[]): Promise<readonly Outcome<Acceptance>[]> {
    const { outcomes, told } = await this.#inOneStep(parcels, async (trx, some) => {
      const made = await acceptAll(trx, this.#context.dialect, some)
      return { answers: made.answers, told: made }
    })
    for (const made of told) this.#tellAccepted(made)
    return outcomes
  }

  #tellAccepted({ entries, parcels }: Accepted): void {
    const { cache, listeners } = this.#context
    for (const { parcel, bodies, done } of parcels) if (!done) cache.set(parcel, bodies)
    listeners.wrote(
      parcels.map(({ parcel, bodies, done }) => ({
        parcel,
        version: 1,
        positions: [...bodies.bodies.keys()],
        events: [],
        done,
      })),
    )
    listeners.arrived(entries.map(envelopeOf))
  }

  async claim({ envelopes, owner, leaseMs }: ClaimRequest): Promise<readonly Claim[]> {
    return this.#claims.call(envelopes.map((envelope) => ({ envelope, owner, leaseMs })))
  }

  async begin(requests: readonly BeginRequest[]): Promise<readonly BeginAnswer[]> {
    const answers = await this.#inUnits(requests.map(beginJob))
    return answers.map((answer) => this.#pushed(answer))
  }

  async settle(settlements: readonly Settlement[]): Promise<readonly SettleAnswer[]> {
    const answers = await this.#inUnits(settlements.map(settleJob))
    return answers.map((answer) => this.#pushed(answer))
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<readonly boolean[]> {
    return renewAll(this.#context, leases, leaseMs)
  }

  async yield(leases: readonly Lease[], due?: number): Promise<void> {
    return yieldAll(this.#context, leases, due)
  }

  async cancel(ids: readonly string[]): Promise<readonly CancelAnswer[]> {
    return this.#inUnits(ids.map(cancelJob))
  }

  async change(changes: readonly Change[]): Promise<readonly ChangeAnswer[]> {
    const answers = await this.#inUnits(changes.map(changeJob))
    return answers.map((answer) => this.#pushed(answer))
  }

  async note(notes: readonly { readonly id: string; readonly events: readonly HistoryEvent[] }[]): Promise<void> {
    await this.#inUnits(notes.map(noteJob))
  }

  async get(ids: readonly string[]): Promise<readonly (MessageRecord | undefined)[]> {
    return readRecords(this.#context, ids)
  }

  async pending(filter: PendingFilter, limit: number): Promise<readonly PendingEntry[]> {
    return readPending(this.#context, filter, limit)
  }

  async sweep(limit: number): Promise<{ readonly envelopes: readonly Envelope[]; readonly more: boolean }> {
    return this.#sweep.step(limit)
  }

  async saveTask(task: TaskRecord, expectedRevision: number): Promise<TaskSaved> {
    const answer = await saveTask(this.#context, task, expectedRevision)
    this.#context.listeners.arrived(answer.envelopes)
    return this.#pushed(answer)
  }

  async tasks(ids?: readonly string[]): Promise<readonly TaskRecord[]> {
    return readTasks(this.#context, ids)
  }

  async beginRun(wanted: RunBegin): Promise<RunBegun> {
    const answer = await beginRun(this.#context, wanted)
    this.#context.listeners.arrived(answer.envelopes)
    return this.#pushed(answer)
  }

  async run(id: string): Promise<RunRecord | undefined> {
    return readRun(this.#context, id)
  }

  /** The database is closed by whoever opened it. */
  async close(): Promise<void> {}

  async #inUnits<Answer>(jobs: readonly Job<Answer>[]): Promise<readonly Answer[]> {
    const answers: unknown[] = []
    for (const some of byWeight(jobs, mostMessagesAtOnce, weightOfJob)) answers.push(...(await this.#units.call(some)))
    return answers as readonly Answer[]
  }

  /** Runs jobs in one unit of work, and tells what it wrote once it is committed. */
  async #work(jobs: readonly Job[]): Promise<readonly Outcome<unknown>[]> {
    const { outcomes, told } = await this.#inOneStep<Job, unknown, Written>(jobs, async (trx, some) => {
      const unit = new Unit(trx, this.#context.dialect)
      await unit.loadParcels(some.flatMap(({ parcels }) => parcels))
      await unit.loadEntries(some.flatMap(({ entries }) => entries))
      await unit.loadEntriesOf(some.flatMap(({ parcels, moves }) => (moves ? parcels : [])))
      const inputs = await this.#inputs(trx, unit, some)
      const answers = some.map((job) => job.apply(unit, inputs))
      const written = await unit.write()
      const ends = some.flatMap(({ writes }) => writes.flatMap(({ reservations }) => reservations ?? []))
      if (ends.length > 0) await endReservations(trx, this.#context.dialect, ends)
      return { answers, told: written }
    })
    for (const written of told) this.#tell(written)
    return outcomes
  }

  async #inputs(trx: Transaction<ReachTables>, unit: Unit, jobs: readonly Job[]): Promise<RuleInputs> {
    const aged = [...unit.standings.values()].filter((standing) => standing.mayBeExpired(unit.now))
    const bodies = await readBodies(
      this.#context,
      trx,
      aged.map(({ parcel }) => parcel),
    )
    const orphaned = jobs.flatMap(({ writes }) =>
      writes.flatMap(({ entry, entries, parcel }) => (entries.length > 0 && !unit.entries.has(entry) ? parcel : [])),
    )
    const moving = jobs.flatMap(({ moves, parcels }) => (moves ? parcels : []))
    const tenants = await unit.tenants([...orphaned, ...moving])
    return { bodies: new Map([...bodies].map(([parcel, read]) => [parcel, read.bodies])), tenants }
  }

  /** What a transaction answers counts once it is committed: one that is done again is told once. */
  async #inOneStep<Item, Answer, Told>(
    items: readonly Item[],
    work: (
      trx: Transaction<ReachTables>,
      items: readonly Item[],
    ) => Promise<{ readonly answers: readonly Answer[]; readonly told: Told }>,
  ): Promise<{ readonly outcomes: readonly Outcome<Answer>[]; readonly told: readonly Told[] }> {
    const told = new Set<Told>()
    const outcomes = await inOneStep(this.#context, items, async (trx, some) => {
      const done = await work(trx, some)
      return done.answers.map((answer) => ({ answer, told: done.told }))
    })
    return {
      outcomes: outcomes.map((outcome) => {
        if ('error' in outcome) return outcome
        told.add(outcome.answer.told)
        return { answer: outcome.answer.answer }
      }),
      told: [...told],
    }
  }

  #tell({ envelopes, parcels }: Written): void {
    const { listeners } = this.#context
    if (parcels.length > 0) listeners.wrote(parcels)
    if (envelopes.length > 0) listeners.arrived(envelopes)
  }

  /** Where the pool is in the same database, nothing has to be pushed. */
  #pushed<Answer extends { readonly envelopes: readonly Envelope[] }>(answer: Answer): Answer {
    return this.capabilities.pool && answer.envelopes.length > 0 ? { ...answer, envelopes: [] } : answer
  }
}

function weightOfParcel({ bodies }: PackedParcel): number {
  return bodies.length + 1
}

function weightOfJob({ weight }: Job): number {
  return weight
}

function isUrgentParcel({ source }: PackedParcel): boolean {
  return source.entries.some(({ lane }) => lane === 'P0')
}

function isUrgentClaim({ envelope }: ClaimItem): boolean {
  return envelope.lane === 'P0'
}

/** Messages of an envelope are read, not written. */
function weightOfClaim(): number {
  return 16
}
