import type { HistoryEvent } from './history.js'
import type { Lane, MessageLabels, MessageOutcome, MessageRecord, MessageState } from './message.js'
import type { Cargo, Envelope } from './pool.js'
import type { Reason } from './reasons.js'

/** The longest parcel. */
export const parcelLimit = 500

/** A message as it is handed in. Its position in the parcel is its position in the array. */
export interface NewMessage {
  readonly type: string
  readonly version: number
  /** Its id; for one given inline without an id, `~` and a digest of the addresses. */
  readonly recipient: string
  /** JSON text of a recipient given inline. */
  readonly inline: string | undefined
  /** JSON text of the parsed data. May be made when it is first read: read it once. */
  readonly data: string
  /** The same as a value that nobody changes, where it is at hand: a store in this process need not make the text. */
  readonly value?: unknown
  readonly lane: Lane
  readonly labels: MessageLabels
  readonly sandbox: boolean
  readonly expires: number | undefined
  /** 96 bits of SHA-256, as 12 Latin-1 characters, over tenant, type, recipient and key. Whoever comes second gets the first one's id. */
  readonly digest: string | undefined
}

/** What must run: messages of the parcel at step 0, at `due`, in one lane. */
export interface NewEntry {
  readonly id: string
  readonly lane: Lane
  readonly due: number
  readonly weight: number
  readonly cargo: Cargo
}

export interface NewParcel {
  /** A fresh id of the caller's: at most 64 of [A-Za-z0-9._-], as every id of an entry or a run. A second accept of the same id changes nothing and answers as the first one did. */
  readonly id: string
  readonly tenant: string
  readonly messages: readonly NewMessage[]
  readonly entries: readonly NewEntry[]
  /**
   * The ids were told to somebody before this call (an outbox, a spool): a duplicate keeps a record, done and merged for
   * the reason `duplicate`, that names the first.
   */
  readonly announced?: boolean
  /**
   * Moves the cursor of a run in the same step, or changes nothing where it is not at `from`. Its messages are of that run
   * from then on.
   */
  readonly cursor?: CursorMove
}

export interface CursorMove {
  readonly run: string
  readonly from: string
  readonly to: string
  /** The last page: the run's entry is removed. */
  readonly done: boolean
}

export interface Acceptance {
  /** `known`: accepted before, nothing to push. `cursor-moved`: nothing was accepted, and there are no ids. */
  readonly status: 'accepted' | 'known' | 'cursor-moved'
  /** One a message, in order: its id, or the first one's. */
  readonly ids: readonly string[]
  readonly deduplicated: readonly boolean[]
  /** What has to be pushed: an entry a position of which was deduplicated comes without it; an empty one not at all. */
  readonly envelopes: readonly Envelope[]
}

export interface ClaimRequest {
  readonly envelopes: readonly Envelope[]
  /** Who claims: one id a process. */
  readonly owner: string
  readonly leaseMs: number
}

/** `gone`: nothing is left to do, and no dead lease to be resolved. `leased`: somebody else works on it. `not-due`: push it again, for `due`. */
export type Claim =
  | ClaimGranted
  | { readonly status: 'gone' | 'leased' }
  | { readonly status: 'not-due'; readonly due: number }

export interface ClaimGranted {
  readonly status: 'claimed'
  readonly entry: string
  /** Names this lease in every later call; a new claim has a new one. */
  readonly token: string
  /** How often a lease of this entry ran out. */
  readonly takeovers: number
  /**
   * The leases that ran out since one last came to begin a slice, oldest first: what was reserved under them is resolved
   * before anything is begun or finished. Only the first may have begun slices, and names those of messages in state
   * `sending`. Of more than `deadLeaseLimit` the first are told.
   */
  readonly before: readonly DeadLease[]
  /** Those of the envelope whose step still matches and that wait, are held and due, or were being sent. */
  readonly messages: readonly ClaimedMessage[]
}

/** A lease that ran out, and how many slices it had begun. */
export interface DeadLease {
  readonly token: string
  readonly slices: number
}

/** So many dead leases of an entry are told. Behind as many that began nothing, whoever claims reserves nothing any more. */
export const deadLeaseLimit = 8

/** May read through to the store's own record: its fields are not all its own, so it is not to be spread. */
export interface ClaimedMessage extends MessageRecord {
  /** The data as a value, where the ledger has it at hand; else `data` is parsed. */
  readonly value?: unknown
  readonly position: number
  /** Of a message in state `sending`: what was about to be attempted, and in which slice. */
  readonly attempting: string | undefined
  readonly slice: number | undefined
}

export interface BeginRequest {
  readonly entry: string
  readonly token: string
  readonly leaseMs: number
  /** 0 for the first slice of this lease, then one more each. */
  readonly slice: number
  readonly parcel: string
  readonly positions: readonly number[]
  readonly steps: readonly number[]
  /** What is about to be attempted, one a position: handed back at takeover. */
  readonly attempting: readonly string[]
  /** The slice before, settled in the same step. */
  readonly settle?: Settlement
}

export interface BeginAnswer {
  /** Where the lease is lost nothing was begun, and `settle` was applied as by a stale token. */
  readonly lease: 'held' | 'lost'
  /** The positions that are `sending` now: step matched, state was waiting, due, not expired. */
  readonly begun: readonly number[]
  /** Of `settle`, as `SettleAnswer` tells them. */
  readonly settled: readonly number[]
  readonly envelopes: readonly Envelope[]
}

/** Where a message goes. Waiting raises its step by one; done and held keep it. */
export type Settled =
  | { readonly state: 'done'; readonly outcome: MessageOutcome; readonly reason?: Reason; readonly into?: string }
  | { readonly state: 'waiting'; readonly due: number; readonly reason: Reason; readonly progress?: string }
  | { readonly state: 'held'; readonly due: number; readonly reason: Reason; readonly progress?: string }

export interface SettleResult {
  readonly position: number
  /** The step that this is the end of. */
  readonly step: number
  readonly to: Settled
  readonly events: readonly HistoryEvent[]
}

export interface Settlement {
  readonly entry: string
  readonly token: string
  /** Empty for a firing or a run. */
  readonly parcel: string
  readonly results: readonly SettleResult[]
  /** The entries of what waits or is held now. A position whose result was not taken is left out of them. */
  readonly entries: readonly NewEntry[]
  /** Nothing of the entry is left to do: it is removed. */
  readonly finish: boolean
  /** Applied in the same step where `capabilities.reservations`; otherwise core tells the gates afterwards. */
  readonly reservations?: readonly ReservationEnd[]
}

/** Which members of a reservation in State are spent and which are given back. */
export interface ReservationEnd {
  readonly reservation: string
  readonly confirm: readonly string[]
  readonly release: readonly string[]
  /** As in `State.confirm`. */
  readonly amounts?: ReadonlyMap<string, number>
}

export interface SettleAnswer {
  /** The positions whose result was taken; the others had moved on. */
  readonly settled: readonly number[]
  readonly envelopes: readonly Envelope[]
}

export interface Change {
  readonly id: string
  /** Taken only if the message is still at this step and in one of these states. */
  readonly step: number
  readonly from: readonly MessageState[]
  readonly to: Settled
  /** New data, as JSON text. */
  readonly data?: string
  /** A new instant at which its time to live is over; without it, the old one stays. */
  readonly expires?: number
  /** The entry of the message from now on, in the place of the one that it was in: there where `to` waits or is held. */
  readonly entry?: Omit<NewEntry, 'cargo' | 'due'>
  readonly events: readonly HistoryEvent[]
}

export interface ChangeAnswer {
  readonly status: 'changed' | 'conflict' | 'absent'
  readonly envelopes: readonly Envelope[]
}

/** `too-late`: it is being sent, or held. `cancelled` again for one that was cancelled before. */
export type CancelAnswer = 'cancelled' | 'too-late' | 'done' | 'absent'

export interface PendingEntry extends NewEntry {
  readonly tenant: string
  readonly leased: boolean
  readonly takeovers: number
}

export interface PendingFilter {
  readonly lane?: Lane
  readonly tenant?: string
  readonly dueBefore?: number
}

export interface Lease {
  readonly entry: string
  readonly token: string
}

/** A durable plan as the ledger keeps it: the text is core's. */
export interface TaskRecord {
  readonly id: string
  readonly tenant: string
  readonly revision: number
  readonly text: string
  /** The instant of the next firing, or undefined for none: written with its pending entry in one step. */
  readonly next: number | undefined
}

/** Which tasks, by id: those of one tenant, behind an id. */
export interface TaskPage {
  readonly tenant?: string
  readonly after?: string
  readonly limit: number
}

/** A run that begins: a firing of a task has one, or one for each part of its audience. */
export interface NewRun {
  /** A fresh id. */
  readonly id: string
  /** What is run once: unique within the task, whatever the instant and the revision. At most 200 characters. */
  readonly key: string
  /** When its first page is due. */
  readonly due: number
  /** Which part of the audience, as core wrote it; empty for all of it. */
  readonly part: string
}

export interface RunRecord {
  readonly id: string
  readonly task: string
  readonly key: string
  readonly part: string
  /** The firing that began it. */
  readonly instant: number
  readonly revision: number
  /** Core's own note of where it is, and at the end of what came of it. Empty at first. */
  readonly cursor: string
  readonly done: boolean
}

export interface RunBegin {
  readonly task: string
  /** The firing whose entry is worked on. */
  readonly instant: number
  readonly revision: number
  readonly runs: readonly NewRun[]
  /** The firing after this one. */
  readonly next: number | undefined
  readonly lane: Lane
}

export interface TaskSaved {
  readonly saved: boolean
  readonly envelopes: readonly Envelope[]
}

export interface RunBegun {
  readonly status: 'begun' | 'exists' | 'stale'
  /** The first page of each run that was begun, and the next firing, to be pushed. */
  readonly envelopes: readonly Envelope[]
}

/** Where one message of a run stands: its outcome once it is done. */
export type MessageStatus = Exclude<MessageState, 'done'> | MessageOutcome

/** A parcel of a run: where each of its messages stands, by position. Undefined for a duplicate, of which there is no record. */
export interface RunParcel {
  readonly id: string
  readonly statuses: readonly (MessageStatus | undefined)[]
}

export interface LedgerCapabilities {
  /** Survives the process. */
  readonly durable: boolean
  /** The pending entry is the pool row: no answer has envelopes to push, and `sweep` answers none. */
  readonly pool: boolean
  /** `settle` applies `reservations` of its own store's State in the same step. */
  readonly reservations: boolean
}

/**
 * The truth about every message, and about what must still run. Batch-first; each parcel, claim, begin and settlement
 * is one atomic step of its own, and a batch of them is one round trip.
 *
 * Promises:
 * - What `accept` answered is there, within the store's class, until it is done and its retention has passed. A parcel
 *   that lives keeps its digests; a digest lasts at least the dedupe window, at most twice that.
 * - Every message that is not done is in exactly one pending entry with its step, but for those `sending` under a lease,
 *   whose entry is the one leased.
 * - A message is begun at most once a step. After a lease has run out, only those that were `sending` may have gone out.
 * - A result is taken if the step matches and the token is current; with a stale token only for a message that is
 *   `sending` or `held` at that step: late evidence resolves what nobody knew. What is done is never undone by a result.
 * - A lease that ran out is held by its token until somebody else claims the entry.
 * - `cancel`, `change` and results are compare-and-set on the step: one wins.
 * - Times are judged by the store's clock, which `now` tells.
 */
export interface Ledger {
  readonly specVersion: 1
  readonly capabilities: LedgerCapabilities
  now(): Promise<number>

  accept(parcels: readonly NewParcel[]): Promise<readonly Acceptance[]>
  /**
   * Takes the lease of each envelope's entry, where nobody has a living one, and reads its messages: those of the entry as
   * it is stored, whatever the envelope says. One answer each. A message of which no body can be read is handed out with
   * an empty type, and keeps nobody from the others.
   */
  claim(request: ClaimRequest): Promise<readonly Claim[]>
  begin(requests: readonly BeginRequest[]): Promise<readonly BeginAnswer[]>
  settle(settlements: readonly Settlement[]): Promise<readonly SettleAnswer[]>
  /** Lengthens leases; answers which are still held. */
  renew(leases: readonly Lease[], leaseMs: number): Promise<readonly boolean[]>
  /**
   * Gives leases back without a takeover: what was begun under them must be settled. The dead leases before one that
   * began no slice are told again.
   */
  yield(leases: readonly Lease[], due?: number): Promise<void>

  cancel(ids: readonly string[]): Promise<readonly CancelAnswer[]>
  change(changes: readonly Change[]): Promise<readonly ChangeAnswer[]>
  /** Tells history more of messages, whatever their state: receipts. Unknown ids are passed over. */
  note(notes: readonly { readonly id: string; readonly events: readonly HistoryEvent[] }[]): Promise<void>
  get(ids: readonly string[]): Promise<readonly (MessageRecord | undefined)[]>

  /** What must still run, by due time. */
  pending(filter: PendingFilter, limit: number): Promise<readonly PendingEntry[]>
  /**
   * Looks at about `limit` entries, going on where the last call stopped (`more`: there are others left of this round).
   * Answers those that are due, have no living lease and were not pushed lately, and notes them as pushed: the
   * interval doubles each time. Removes what its retention has passed: parcels, but none of a run that is not done, and
   * runs that are done, but no run whose firing is still an entry, since that would begin it again. Any process may call
   * it at any time.
   */
  sweep(limit: number): Promise<{ readonly envelopes: readonly Envelope[]; readonly more: boolean }>

  /** Writes a task and the entry of its next firing in the place of the last one's, if it is still at `expectedRevision` (0: new). */
  saveTask(task: TaskRecord, expectedRevision: number): Promise<TaskSaved>
  /** Those that are there, in any order; or a page of all, by id. */
  tasks(which: readonly string[] | TaskPage): Promise<readonly TaskRecord[]>
  /**
   * One firing: if the task is at this revision, inserts the runs under unique (task, key) with a pending entry each, and
   * moves the task's next firing on, where it still is `instant`, with its entry. A run whose key is there is passed over;
   * `exists`: all of them are, none was begun. `stale`: the task was edited, nothing was changed.
   */
  beginRun(begin: RunBegin): Promise<RunBegun>
  run(id: string): Promise<RunRecord | undefined>
  /** The runs of a task that are there, newest firing first; with `open`, those that are not done. */
  runs(task: string, which: { readonly open?: boolean; readonly limit: number }): Promise<readonly RunRecord[]>
  /** The parcels of a run by id, which is the order of their acceptance by one process, behind one of them. */
  parcels(run: string, page: { readonly after?: string; readonly limit: number }): Promise<readonly RunParcel[]>

  close(): Promise<void>
}
