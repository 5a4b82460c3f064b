import type {
  Addition,
  BucketAnswer,
  BucketTake,
  BudgetLevel,
  BudgetLine,
  Clock,
  Remembered,
  State,
  StateDocument,
  WindowAnswer,
  WindowEntry,
} from '../spec/index.js'
import { Buckets } from './buckets.js'
import { Budgets } from './budgets.js'
import { Documents } from './documents.js'
import { ExpiringMap } from './expiring-map.js'
import { Windows } from './windows.js'

const pruneEvery = 10_000

/** State in this process' memory. A verb does its work before it returns, which is what makes it atomic. */
export class MemoryState implements State {
  readonly specVersion = 1
  readonly #clock: Clock
  readonly #counters = new ExpiringMap<number>()
  readonly #remembered = new ExpiringMap<string>()
  readonly #buckets = new Buckets()
  readonly #windows = new Windows()
  readonly #budgets = new Budgets()
  readonly #documents = new Documents()
  #sincePrune = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async now(): Promise<number> {
    return this.#clock.now()
  }

  async count(additions: readonly Addition[]): Promise<readonly number[]> {
    const now = this.#tick(additions.length)
    return additions.map(({ key, by, ttlMs }) => {
      const stands = this.#counters.get(key, now)
      if (stands === undefined) this.#counters.set(key, by, now + ttlMs)
      else this.#counters.replace(key, stands + by)
      return (stands ?? 0) + by
    })
  }

  async remember(
    entries: readonly Remembered[],
  ): Promise<readonly { readonly value: string; readonly first: boolean }[]> {
    const now = this.#tick(entries.length)
    return entries.map(({ key, value, ttlMs }) => {
      const stands = this.#remembered.get(key, now)
      if (stands === undefined) this.#remembered.set(key, value, now + ttlMs)
      return { value: stands ?? value, first: stands === undefined }
    })
  }

  async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#remembered.delete(key)
  }

  async take(takes: readonly BucketTake[]): Promise<readonly BucketAnswer[]> {
    const now = this.#tick(takes.length)
    return takes.map((take) => this.#buckets.take(take, now))
  }

  async enter(entries: readonly WindowEntry[]): Promise<readonly WindowAnswer[]> {
    const now = this.#tick(entries.length)
    return entries.map((entry) => this.#windows.enter(entry, now))
  }

  async leave(members: readonly { readonly key: string; readonly member: string }[]): Promise<void> {
    for (const { key, member } of members) this.#windows.leave(key, member)
  }

  async credit(budget: string, amount: number): Promise<number> {
    return this.#budgets.credit(budget, amount)
  }

  async reserve(reservation: string, lines: readonly BudgetLine[]): Promise<readonly boolean[]> {
    this.#tick(lines.length)
    return this.#budgets.reserve(reservation, lines)
  }

  async confirm(reservation: string, members: readonly string[], amounts?: ReadonlyMap<string, number>): Promise<void> {
    this.#budgets.confirm(reservation, members, amounts)
  }

  async release(reservation: string, members?: readonly string[]): Promise<void> {
    this.#budgets.release(reservation, members)
  }

  async budgets(keys: readonly string[]): Promise<readonly BudgetLevel[]> {
    return keys.map((key) => this.#budgets.read(key))
  }

  async read(keys: readonly string[]): Promise<readonly StateDocument[]> {
    return keys.map((key) => this.#documents.read(key))
  }

  async write(key: string, text: string, expectedVersion: number): Promise<number | undefined> {
    return this.#documents.write(key, text, expectedVersion)
  }

  watch(prefix: string, changed: (key: string) => void): () => void {
    return this.#documents.watch(prefix, changed)
  }

  /** The time, and now and then a look for what may be forgotten. */
  #tick(keys: number): number {
    const now = this.#clock.now()
    this.#sincePrune += keys
    if (this.#sincePrune < pruneEvery) return now
    this.#sincePrune = 0
    this.#counters.prune(now)
    this.#remembered.prune(now)
    this.#buckets.prune(now)
    this.#windows.prune(now)
    this.#budgets.prune()
    return now
  }
}
