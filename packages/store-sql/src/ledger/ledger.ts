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
  RunParcel,
  RunRecord,
  SettleAnswer,
  Settlement,
  TaskPage,
  TaskRecord,
  TaskSaved,
} from '@reachkit/core/spec'
import { packParcel } from './accept.js'
import type { PackedParcel } from './accept.js'
import { renewAll, yieldAll } from './claim.js'
import type { ClaimItem } from './claim.js'
import { createTurn } from './core.js'
import type { LedgerContext } from './core.js'
import { beginJob, cancelJob, changeJob, noteJob, settleJob } from './jobs.js'
import { readPending, readRecords } from './reads.js'
import { readRun, readRunParcels, readRuns } from './runs.js'
import { Sweep } from './sweep.js'
import { beginRun, readTasks, saveTask } from './tasks.js'
import { UrgentEntries } from './urgent-entries.js'
import { inTwoWays, Work } from './work.js'

/** The ledger in tables of a database. Every verb is as many round trips as it has tables, whatever the batch. */
export class SqlLedger implements Ledger {
  readonly specVersion = 1
  readonly capabilities: LedgerCapabilities
  readonly #context: LedgerContext
  readonly #sweep: Sweep
  readonly #common: Work
  /** Urgent messages have a way of their own: they wait for nothing that others do. */
  readonly #urgent: Work
  readonly #urgentEntries = new UrgentEntries()

  constructor(context: LedgerContext, capabilities: LedgerCapabilities) {
    this.#context = context
    this.capabilities = capabilities
    this.#common = new Work(context)
    this.#urgent = new Work({ ...context, db: context.urgent })
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
    const answers = await inTwoWays(packed, isUrgentParcel, (some, isUrgent) => this.#way(isUrgent).accept(some))
    return answers.map((answer) => this.#pushed(answer))
  }

  async claim({ envelopes, owner, leaseMs }: ClaimRequest): Promise<readonly Claim[]> {
    const items = envelopes.map((envelope) => ({ envelope, owner, leaseMs }))
    const claims = await inTwoWays(items, isUrgentClaim, (some, isUrgent) => this.#way(isUrgent).claim(some))
    this.#urgentEntries.claimed(envelopes, claims)
    return claims
  }

  async begin(requests: readonly BeginRequest[]): Promise<readonly BeginAnswer[]> {
    const answers = await inTwoWays(requests, this.#urgentEntries.has, (some, isUrgent) =>
      this.#way(isUrgent).unit(some.map(beginJob)),
    )
    return answers.map((answer) => this.#pushed(answer))
  }

  async settle(settlements: readonly Settlement[]): Promise<readonly SettleAnswer[]> {
    const answers = await inTwoWays(settlements, this.#urgentEntries.has, (some, isUrgent) =>
      this.#way(isUrgent).unit(some.map(settleJob)),
    )
    this.#urgentEntries.settled(settlements)
    return answers.map((answer) => this.#pushed(answer))
  }

  #way(isUrgent: boolean): Work {
    return isUrgent ? this.#urgent : this.#common
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<readonly boolean[]> {
    return renewAll(this.#context, leases, leaseMs)
  }

  async yield(leases: readonly Lease[], due?: number): Promise<void> {
    return yieldAll(this.#context, leases, due)
  }

  async cancel(ids: readonly string[]): Promise<readonly CancelAnswer[]> {
    return this.#common.unit(ids.map(cancelJob))
  }

  async change(changes: readonly Change[]): Promise<readonly ChangeAnswer[]> {
    const answers = await this.#common.unit(changes.map(changeJob))
    return answers.map((answer) => this.#pushed(answer))
  }

  async note(notes: readonly { readonly id: string; readonly events: readonly HistoryEvent[] }[]): Promise<void> {
    await this.#common.unit(notes.map(noteJob))
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

  async tasks(which: readonly string[] | TaskPage): Promise<readonly TaskRecord[]> {
    return readTasks(this.#context, which)
  }

  async beginRun(wanted: RunBegin): Promise<RunBegun> {
    const answer = await beginRun(this.#context, wanted)
    this.#context.listeners.arrived(answer.envelopes)
    return this.#pushed(answer)
  }

  async run(id: string): Promise<RunRecord | undefined> {
    return readRun(this.#context, id)
  }

  async runs(task: string, which: { readonly open?: boolean; readonly limit: number }): Promise<readonly RunRecord[]> {
    return readRuns(this.#context, task, which)
  }

  async parcels(run: string, page: { readonly after?: string; readonly limit: number }): Promise<readonly RunParcel[]> {
    return readRunParcels(this.#context, run, page)
  }

  /** The database is closed by whoever opened it. */
  async close(): Promise<void> {}

  /** Where the pool is in the same database, nothing has to be pushed. */
  #pushed<Answer extends { readonly envelopes: readonly Envelope[] }>(answer: Answer): Answer {
    return this.capabilities.pool && answer.envelopes.length > 0 ? { ...answer, envelopes: [] } : answer
  }
}

function isUrgentParcel({ source }: PackedParcel): boolean {
  return source.entries.some(({ lane }) => lane === 'P0')
}

function isUrgentClaim({ envelope }: ClaimItem): boolean {
  return envelope.lane === 'P0'
}
