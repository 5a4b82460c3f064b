/**
 * What is counted, remembered and shared beside the messages. Each key is atomic by itself: read-then-write is a defect of
 * whoever does it. A reservation is one atomic step. Times are by the store's clock. Each kind has keys of its own.
 */
export interface State {
  readonly specVersion: 1
  /** The store's clock, milliseconds since the epoch. */
  now(): Promise<number>

  /** Adds to counters and answers the sums; each is made at 0, and is gone `ttlMs` after it was made. Each key is atomic. */
  count(additions: readonly Addition[]): Promise<readonly number[]>

  /** Sets each key that is not there; answers the value that stands now and whether this call set it. Each key is atomic. */
  remember(entries: readonly Remembered[]): Promise<readonly { readonly value: string; readonly first: boolean }[]>
  forget(keys: readonly string[]): Promise<void>

  /**
   * Takes tokens of GCRA buckets (ATM Forum TM 4.0: generic cell rate algorithm). A denied take is given an instant of
   * its own, that nobody else gets: it is deferred once, and passes then without another take. Where that instant is
   * further off than `maxWaitMs`, nothing is taken and `at` is when asking again makes sense. Each take is atomic, in order.
   */
  take(takes: readonly BucketTake[]): Promise<readonly BucketAnswer[]>

  /**
   * Sliding windows: the member is let in while fewer than `max` other members came within `windowMs`. A member that is
   * in already stays in and counts once. A denied one is told when the oldest leaves. Each entry is atomic, in order.
   */
  enter(entries: readonly WindowEntry[]): Promise<readonly WindowAnswer[]>
  /** Takes members out again, as if they had never come in; unknown ones are passed over. */
  leave(members: readonly { readonly key: string; readonly member: string }[]): Promise<void>

  /** Adds to what a budget has left (in its own unit, a whole number) and answers what is left after. */
  credit(budget: string, amount: number): Promise<number>
  /**
   * Reserves each line in order for which its budget has enough left; answers which were granted. The reservation is
   * one record: the same line under the same reservation is granted once, however often it is asked.
   */
  reserve(reservation: string, lines: readonly BudgetLine[]): Promise<readonly boolean[]>
  /**
   * Spends granted lines for good. Idempotent; a line that was released or never granted is passed over. Of a member in
   * `amounts` (whole numbers of at least 0), each line spends that in place of what it reserved: the rest of it is left
   * again, and what is more is taken from what is left, below 0 where need be. A budget below 0 grants nothing.
   */
  confirm(reservation: string, members: readonly string[], amounts?: ReadonlyMap<string, number>): Promise<void>
  /** Gives granted lines back; without members, all that are not confirmed. Idempotent. */
  release(reservation: string, members?: readonly string[]): Promise<void>
  budgets(keys: readonly string[]): Promise<readonly BudgetLevel[]>

  /** Documents: small JSON texts with a version that starts at 1; a missing one has version 0. */
  read(keys: readonly string[]): Promise<readonly StateDocument[]>
  /** Writes if the version is still the expected one (0: not there yet), and answers the new version, or undefined. */
  write(key: string, text: string, expectedVersion: number): Promise<number | undefined>
  /** Calls back after each change of a key with this prefix, by any process, at least once and within a second. */
  watch(prefix: string, changed: (key: string) => void): () => void
}

export interface Addition {
  readonly key: string
  readonly by: number
  readonly ttlMs: number
}
export interface Remembered {
  readonly key: string
  readonly value: string
  readonly ttlMs: number
}
export interface BucketTake {
  readonly key: string
  /** Tokens in each `perMs`. */
  readonly tokens: number
  readonly perMs: number
  /** Tokens that may be taken at once from a full bucket, at least 1. */
  readonly burst: number
  readonly cost: number
  readonly maxWaitMs: number
  /**
   * Tokens of the burst that this take leaves for others: it is granted only where so many stay. What lower lanes leave
   * for P0. None unless told.
   */
  readonly keep?: number
}
export interface BucketAnswer {
  readonly granted: boolean
  /** When it conforms: now or earlier where granted. */
  readonly at: number
  /** A denied take that holds `at` for itself. */
  readonly reserved: boolean
}
export interface WindowEntry {
  readonly key: string
  readonly member: string
  readonly max: number
  readonly windowMs: number
}
export interface WindowAnswer {
  readonly entered: boolean
  /** Where it was denied: when there is room again. */
  readonly until: number | undefined
}
export interface BudgetLine {
  readonly budget: string
  readonly member: string
  readonly amount: number
}
export interface BudgetLevel {
  /** Below 0 where more was spent than was reserved. */
  readonly left: number
  readonly reserved: number
  readonly spent: number
}
export interface StateDocument {
  readonly text: string | undefined
  readonly version: number
}
