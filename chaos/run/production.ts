import type { Random } from '@reachkit/core/spec'
import type { BatchAccepted, BatchMessage } from '../app/producer.js'
import type { ProcessSettings } from '../app/settings.js'
import { isStarted, startChild } from '../process/children.js'
import type { Child } from '../process/children.js'
import type { Journal } from './journal.js'
import type { Supply } from './supply.js'

const outstandingMost = 4

export interface ProductionMeans {
  readonly program: string
  readonly settings: ProcessSettings
  readonly random: Random
  readonly journal: Journal
  readonly limitMs: number
}

/** Hands in the whole audience through a producer that may die: what it did not confirm is handed in again. */
export class Production implements Supply {
  readonly #means: ProductionMeans
  readonly #batches: readonly BatchMessage[]
  readonly #outstanding = new Map<number, BatchMessage>()
  readonly #ids: (string | undefined)[]
  #producer: Child | undefined
  #next = 0
  #accepted = 0
  #over = false
  /** Ids that were another one when a batch was handed in again. */
  changedIds = 0
  repeated = 0
  readonly failures: string[] = []

  constructor(means: ProductionMeans, batches: readonly BatchMessage[]) {
    this.#means = means
    this.#batches = batches
    const last = batches.at(-1)
    this.#ids = Array.from({ length: (last?.start ?? 0) + (last?.count ?? 0) }, () => undefined)
  }

  /** Recipients that were accepted. */
  get accepted(): number {
    return this.#accepted
  }

  get isDone(): boolean {
    return this.#next === this.#batches.length && this.#outstanding.size === 0
  }

  /** The message of each recipient. */
  get ids(): readonly (string | undefined)[] {
    return this.#ids
  }

  async start(): Promise<void> {
    await this.#enter()
  }

  /** Hands in more, as long as no more than this many recipients are accepted. */
  feed(upTo: number): void {
    while (this.#outstanding.size < outstandingMost && this.#accepted < upTo) {
      const batch = this.#batches[this.#next]
      if (batch === undefined) return
      this.#next += 1
      this.#send(batch)
    }
  }

  kill(backAfterMs: number): void {
    this.#producer?.kill('SIGKILL')
    this.#producer = undefined
    setTimeout(() => {
      if (!this.#over) void this.#enter()
    }, backAfterMs)
  }

  async stop(): Promise<void> {
    this.#over = true
    await this.#producer?.stop()
  }

  async #enter(): Promise<void> {
    const { program, settings, journal, limitMs } = this.#means
    const child = startChild(program, settings, limitMs)
    journal.hear(child)
    const started = child.next(isStarted)
    child.onMessage((message) => this.#told(message as BatchAccepted))
    void this.#watch(child)
    await started.catch(() => {})
    this.#producer = child
    for (const batch of this.#outstanding.values()) child.send(batch)
  }

  async #watch(child: Child): Promise<void> {
    const how = await child.ended
    if (how !== 'SIGKILL' && !this.#over) this.failures.push(`the producer ended with ${how}`)
  }

  #send(batch: BatchMessage): void {
    this.#outstanding.set(batch.index, batch)
    this.#producer?.send(batch)
  }

  #told({ kind, index, ids }: BatchAccepted): void {
    const batch = this.#batches[index]
    if (kind !== 'accepted' || batch === undefined) return
    this.#outstanding.delete(index)
    const before = this.#ids[batch.start]
    for (const [offset, id] of ids.entries()) {
      const place = batch.start + offset
      if (before !== undefined && this.#ids[place] !== id) this.changedIds += 1
      this.#ids[place] = id
    }
    if (before !== undefined) return
    this.#accepted += batch.count
    // Now and then a caller repeats what was accepted long ago, and is told the same ids.
    if (this.#means.random.next() >= 0.05) return
    this.repeated += 1
    this.#send(batch)
  }
}
