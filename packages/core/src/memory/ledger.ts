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
} from '../spec/index.js'
import { acceptAll, acceptOne } from './accept.js'
import { BoundedSort } from './bounded-sort.js'
import { claim, renew, yieldLease } from './claim.js'
import { begin, cancel, change, note, settle } from './settle.js'
import type { Entry, Tables } from './tables.js'
import { beginRun, readRuns, readTasks, saveTask } from './tasks.js'
import { createYielder } from '../yielding/index.js'

/**
 * The ledger in this process' memory: every promise but durability. Each parcel, claim, begin and settlement is done in
 * one go, so that no two are ever interleaved.
 */
export class MemoryLedger implements Ledger {
  readonly specVersion = 1
  readonly capabilities: LedgerCapabilities = { durable: false, pool: false, reservations: false }
  readonly #tables: Tables
  #sweeping: Iterator<Entry> | undefined

  constructor(tables: Tables) {
    this.#tables = tables
  }

  async now(): Promise<number> {
    return this.#tables.now()
  }

  async accept(parcels: readonly NewParcel[]): Promise<readonly Acceptance[]> {
    const [only] = parcels
    if (only !== undefined && parcels.length === 1) return [acceptOne(this.#tables, only)]
    return acceptAll(this.#tables, parcels)
  }

  async claim(request: ClaimRequest): Promise<readonly Claim[]> {
    return request.envelopes.map((envelope) => claim(this.#tables, envelope, request))
  }

  async begin(requests: readonly BeginRequest[]): Promise<readonly BeginAnswer[]> {
    return requests.map((request) => begin(this.#tables, request))
  }

  async settle(settlements: readonly Settlement[]): Promise<readonly SettleAnswer[]> {
    return settlements.map((settlement) => settle(this.#tables, settlement))
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<readonly boolean[]> {
    return leases.map((lease) => renew(this.#tables, lease, leaseMs))
  }

  async yield(leases: readonly Lease[], due?: number): Promise<void> {
    for (const lease of leases) yieldLease(this.#tables, lease, due)
  }

  async cancel(ids: readonly string[]): Promise<readonly CancelAnswer[]> {
    return ids.map((id) => cancel(this.#tables, id))
  }

  async change(changes: readonly Change[]): Promise<readonly ChangeAnswer[]> {
    return changes.map((wanted) => change(this.#tables, wanted))
  }

  async note(notes: readonly { readonly id: string; readonly events: readonly HistoryEvent[] }[]): Promise<void> {
    for (const { id, events } of notes) {
      const slot = this.#tables.slot(id)
      if (slot !== undefined) note(this.#tables, slot, events, this.#tables.now())
    }
  }

  async get(ids: readonly string[]): Promise<readonly (MessageRecord | undefined)[]> {
    return ids.map((id) => this.#tables.slot(id)?.record())
  }

  /** Each entry as it stood when it was looked at: in a long ledger others go on meanwhile. */
  async pending(filter: PendingFilter, limit: number): Promise<readonly PendingEntry[]> {
    const { clock, entries } = this.#tables
    const yielder = createYielder(clock)
    const found = new BoundedSort<Entry>('first', limit, (a, b) => a.due - b.due)
    for (const entry of entries.values()) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      if (matches(entry, filter)) found.add(entry)
    }
    const elapsed = clock.monotonic()
    return found.sorted().map((entry) => pendingEntry(entry, elapsed))
  }

  /** Looks at `limit` entries a call, and goes on where the last call stopped: a long ledger is never read in one go. */
  async sweep(limit: number): Promise<{ readonly envelopes: readonly Envelope[]; readonly more: boolean }> {
    const now = this.#tables.now()
    const pruned = this.#tables.prune(now, limit)
    this.#sweeping ??= this.#tables.entries.values()
    const envelopes: Envelope[] = []
    for (let looked = 0; looked < limit; looked += 1) {
      const { value: entry, done } = this.#sweeping.next()
      if (done === true) {
        this.#sweeping = undefined
        return { envelopes, more: !pruned }
      }
      if (this.#pushAgain(entry, now)) envelopes.push({ ...entry.envelope, due: entry.due })
    }
    return { envelopes, more: true }
  }

  #pushAgain(entry: Entry, now: number): boolean {
    if (entry.due > now || (entry.token !== undefined && entry.leaseUntil > this.#tables.clock.monotonic()))
      return false
    const patience = this.#tables.limits.pushAgainMs * 2 ** Math.min(entry.pushes, 16)
    if (entry.pushedAt + patience > now) return false
    entry.pushes += 1
    entry.pushedAt = now
    return true
  }

  async saveTask(task: TaskRecord, expectedRevision: number): Promise<TaskSaved> {
    return saveTask(this.#tables, task, expectedRevision)
  }

  async tasks(which: readonly string[] | TaskPage): Promise<readonly TaskRecord[]> {
    return readTasks(this.#tables, which)
  }

  async beginRun(wanted: RunBegin): Promise<RunBegun> {
    return beginRun(this.#tables, wanted)
  }

  async run(id: string): Promise<RunRecord | undefined> {
    return this.#tables.runs.get(id)
  }

  async runs(task: string, which: { readonly open?: boolean; readonly limit: number }): Promise<readonly RunRecord[]> {
    return readRuns(this.#tables, task, which.open === true, which.limit)
  }

  async parcels(
    run: string,
    { after = '', limit }: { readonly after?: string; readonly limit: number },
  ): Promise<readonly RunParcel[]> {
    const { parcels, runs } = this.#tables
    const page: RunParcel[] = []
    for (const id of runs.parcels(run, after)) {
      if (page.length >= limit) break
      const parcel = parcels.get(id)
      if (parcel !== undefined) page.push({ id, statuses: parcel.statuses() })
    }
    return page
  }

  async close(): Promise<void> {}
}

function matches({ envelope, due }: Entry, { lane, tenant, dueBefore }: PendingFilter): boolean {
  if (lane !== undefined && envelope.lane !== lane) return false
  if (tenant !== undefined && envelope.tenant !== tenant) return false
  return dueBefore === undefined || due < dueBefore
}

function pendingEntry({ envelope, token, leaseUntil, takeovers, due }: Entry, elapsed: number): PendingEntry {
  const { id, tenant, lane, weight, cargo } = envelope
  return { id, tenant, lane, due, weight, cargo, leased: token !== undefined && leaseUntil > elapsed, takeovers }
}
