import type { ColumnType } from 'kysely'

/** Whole numbers above 2^31: milliseconds since the epoch. Drivers are set up to hand them over as numbers. */
type Instant = number

/** What never changes of a parcel: its messages, compressed. */
interface ParcelTable {
  readonly id: string
  readonly tenant: string
  readonly accepted_at: Instant
  readonly size: number
  /** Of a page of a run; null for others. */
  readonly run: string | null
  /** Brotli over the JSON of `StoredBodies`. */
  readonly bodies: Uint8Array
}

/** Where the messages of a parcel stand. One row a parcel, apart from the bodies, so that a settlement writes little. */
interface ProgressTable {
  readonly parcel: string
  /** Raised by every write. */
  readonly version: number
  /** The version that history was told of last. */
  readonly told: number
  /** Messages that are not done. */
  readonly open: number
  /** When the last one was done; its retention counts from then. Null while any is open. */
  readonly done_at: Instant | null
  /** One character a position: `marks.ts` says which. */
  readonly marks: string
  /** JSON, by position: step, due, reason, progress and what else is not as it was accepted. Empty for none. */
  readonly notes: string
}

/** A pending entry, which is the pool's row too. */
interface EntryTable {
  readonly id: string
  readonly tenant: string
  /** 0 to 3. */
  readonly lane: number
  readonly due: Instant
  readonly weight: number
  /** Null for a firing or a run. */
  readonly parcel: string | null
  /** JSON of the cargo. */
  readonly cargo: string
  /** Names the lease; null where there is none. */
  readonly token: string | null
  readonly owner: string | null
  readonly lease_until: Instant
  /** How many slices the lease has begun. */
  readonly slices: number
  /** Leases that ran out since one last began a slice: `dead-leases.ts` says how. */
  readonly dead_leases: string | null
  readonly takeovers: number
  readonly pushes: number
  readonly pushed_at: Instant
}

/** Digests of accepted messages. One is kept for at least the dedupe window, at most twice that, and as long as its parcel lives. */
interface DigestTable {
  readonly digest: Uint8Array
  readonly message: string
  readonly parcel: string
  readonly at: Instant
}

/** What happened, one row a settlement or note: events of several messages of one parcel. */
interface LogTable {
  readonly id: string
  readonly parcel: string
  readonly at: Instant
  /** Brotli over JSON where it is long, else the JSON: `packed.ts` says which. */
  readonly events: Uint8Array
}

/** Messages of one parcel that stand alike, for lists and counts. Fed from progress; no truth. */
export interface GroupTable {
  readonly parcel: string
  /** Its place among the groups of the parcel. */
  readonly ordinal: number
  readonly tenant: string
  readonly type: string
  readonly lane: number
  readonly category: string | null
  readonly group_name: string | null
  readonly module: string | null
  readonly line: string | null
  readonly accepted_at: Instant
  readonly state: string
  readonly outcome: string | null
  readonly reason: string | null
  /** Channels that have an event, between commas: `,email,sms,`. */
  readonly channels: string
  /** How many messages. */
  readonly size: number
  /** Which of the parcel, as ranges. */
  readonly positions: string
}

/** In which parcels a recipient has messages, and which of them. */
interface RecipientTable {
  readonly recipient: string
  readonly accepted_at: Instant
  readonly parcel: string
  readonly positions: string
}

/** Which message a provider means by an id of its own. */
interface ProviderIdTable {
  readonly provider: string
  readonly provider_id: string
  readonly message: string
}

export interface TaskTable {
  readonly id: string
  readonly tenant: string
  readonly revision: number
  readonly text: string
  readonly next: Instant | null
}

export interface RunTable {
  readonly id: string
  readonly task: string
  /** Null of a run that a release before keys began. */
  readonly key: string | null
  readonly part: string | null
  readonly instant: Instant
  readonly revision: number
  readonly cursor: string
  /** When its last page was accepted; null before. */
  readonly done_at: Instant | null
}

/** Parcels that were written into a caller's transaction; a relay accepts them. */
interface OutboxTable {
  readonly id: string
  readonly parcel: Uint8Array
  readonly written_at: Instant
  readonly token: string | null
  readonly lease_until: Instant
}

interface CounterTable {
  readonly key: string
  readonly value: number
  readonly expires_at: Instant
}

interface RememberedTable {
  readonly key: string
  readonly value: string
  readonly expires_at: Instant
}

/** A bucket of GCRA: its theoretical arrival time. */
interface BucketTable {
  readonly key: string
  readonly arrival: number
  readonly expires_at: Instant
}

export interface WindowTable {
  readonly key: string
  readonly member: string
  readonly entered_at: Instant
  readonly expires_at: Instant
}

export interface BudgetTable {
  readonly key: string
  readonly left_amount: number
  readonly reserved: number
  readonly spent: number
}

export interface ReservationTable {
  readonly reservation: string
  readonly member: string
  readonly budget: string
  readonly amount: number
  /** `reserved`, `confirmed` or `released`. */
  readonly state: string
  readonly at: Instant
}

interface DocumentTable {
  readonly key: string
  readonly text: string
  readonly version: number
  /** Raised by every write of any document, for those who watch. */
  readonly changed: ColumnType<number, number, number>
}

/** Numbers that are raised in the transaction that uses them, so that they are in the order of the commits. */
interface SequenceTable {
  readonly name: string
  readonly last: number
}

export interface ReachTables {
  reach_parcel: ParcelTable
  reach_progress: ProgressTable
  reach_entry: EntryTable
  reach_digest: DigestTable
  reach_log: LogTable
  reach_group: GroupTable
  reach_recipient: RecipientTable
  reach_provider_id: ProviderIdTable
  reach_task: TaskTable
  reach_run: RunTable
  reach_outbox: OutboxTable
  reach_counter: CounterTable
  reach_remembered: RememberedTable
  reach_bucket: BucketTable
  reach_window: WindowTable
  reach_budget: BudgetTable
  reach_reservation: ReservationTable
  reach_document: DocumentTable
  reach_sequence: SequenceTable
}
