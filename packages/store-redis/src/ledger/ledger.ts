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
import { parseMessageId } from '@reachkit/core/spec'
import { storeTime } from '../client/store-time.js'
import { recordOf } from '../parcel/record.js'
import { accept } from './accept.js'
import { cancel, change, note } from './change.js'
import { claim } from './claim.js'
import type { LedgerContext } from './context.js'
import { giveBack, renew } from './leases.js'
import { pending } from './pending.js'
import { readRunParcels } from './parcels-of-runs.js'
import { beginRun, findTasks, saveTask } from './plans.js'
import { readParcels } from './read.js'
import { readRun, readRuns } from './runs.js'
import { begin, settle } from './settle.js'
import { sweep } from './sweep.js'

/** The ledger on Redis: each atomic step is done by one Lua script, by the clock of the server. */
export class RedisLedger implements Ledger {
  readonly specVersion = 1
  readonly capabilities: LedgerCapabilities
  readonly #context: LedgerContext

  constructor(context: LedgerContext, durable: boolean) {
    this.#context = context
    this.capabilities = { durable, pool: false, reservations: false }
  }

  async now(): Promise<number> {
    return storeTime(this.#context.scripts)
  }

  async accept(parcels: readonly NewParcel[]): Promise<readonly Acceptance[]> {
    return accept(this.#context, parcels)
  }

  async claim(request: ClaimRequest): Promise<readonly Claim[]> {
    return claim(this.#context, request)
  }

  async begin(requests: readonly BeginRequest[]): Promise<readonly BeginAnswer[]> {
    return begin(this.#context, requests)
  }

  async settle(settlements: readonly Settlement[]): Promise<readonly SettleAnswer[]> {
    return settle(this.#context, settlements)
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<readonly boolean[]> {
    return renew(this.#context, leases, leaseMs)
  }

  async yield(leases: readonly Lease[], due?: number): Promise<void> {
    await giveBack(this.#context, leases, due)
  }

  async cancel(ids: readonly string[]): Promise<readonly CancelAnswer[]> {
    return cancel(this.#context, ids)
  }

  async change(changes: readonly Change[]): Promise<readonly ChangeAnswer[]> {
    return change(this.#context, changes)
  }

  async note(notes: readonly { readonly id: string; readonly events: readonly HistoryEvent[] }[]): Promise<void> {
    await note(this.#context, notes)
  }

  async get(ids: readonly string[]): Promise<readonly (MessageRecord | undefined)[]> {
    const places = ids.map(parseMessageId)
    const wanted = places.flatMap((place) => (place === undefined ? [] : [place.parcel]))
    const parcels = await readParcels(this.#context, wanted)
    return places.map((place) => {
      const parcel = place === undefined ? undefined : parcels.get(place.parcel)
      return place === undefined || parcel === undefined ? undefined : recordOf(parcel, place.position)
    })
  }

  async pending(filter: PendingFilter, limit: number): Promise<readonly PendingEntry[]> {
    return pending(this.#context, filter, limit)
  }

  async sweep(limit: number): Promise<{ readonly envelopes: readonly Envelope[]; readonly more: boolean }> {
    return sweep(this.#context, limit)
  }

  async saveTask(task: TaskRecord, expectedRevision: number): Promise<TaskSaved> {
    return saveTask(this.#context, task, expectedRevision)
  }

  async tasks(which: readonly string[] | TaskPage): Promise<readonly TaskRecord[]> {
    return findTasks(this.#context, which)
  }

  async beginRun(wanted: RunBegin): Promise<RunBegun> {
    return beginRun(this.#context, wanted)
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

  /** The store closes the connection that all of its parts share. */
  async close(): Promise<void> {}
}
