import type { Clock, Logger } from '@reachkit/core/spec'
import type { Database } from '../database/dialect.js'
import { plainText } from '../database/failures.js'
import { changesAfter } from './documents.js'

interface Watcher {
  readonly prefix: string
  readonly changed: (key: string) => void
}

/** Half of what the contract allows, so that a slow answer is still in time. */
const pollMs = 400
const mostChanges = 1_000

/** Tells of changed documents: those of this process at once, those of others by looking again and again while anybody watches. */
export class Watchers {
  readonly #database: Database
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #watchers = new Set<Watcher>()
  /** The last change that was seen. */
  #seen: number
  #cancelTimer: (() => void) | undefined
  #polling = false
  #closed = false

  constructor(database: Database, clock: Clock, logger: Logger, seen: number) {
    this.#database = database
    this.#clock = clock
    this.#logger = logger
    this.#seen = seen
  }

  watch(prefix: string, changed: (key: string) => void): () => void {
    const watcher = { prefix, changed }
    this.#watchers.add(watcher)
    this.#schedule()
    return () => {
      this.#watchers.delete(watcher)
      if (this.#watchers.size === 0) this.#unschedule()
    }
  }

  tell(key: string): void {
    for (const { prefix, changed } of this.#watchers) {
      if (!key.startsWith(prefix)) continue
      try {
        changed(key)
      } catch (error) {
        this.#logger.error({ error: plainText(error) }, 'a watcher of documents threw')
      }
    }
  }

  close(): void {
    this.#closed = true
    this.#watchers.clear()
    this.#unschedule()
  }

  #schedule(): void {
    if (this.#closed || this.#cancelTimer !== undefined || this.#polling) return
    this.#cancelTimer = this.#clock.setTimer(pollMs, () => {
      this.#cancelTimer = undefined
      this.#polling = true
      void this.#poll().finally(() => {
        this.#polling = false
        if (this.#watchers.size > 0) this.#schedule()
      })
    })
  }

  #unschedule(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  async #poll(): Promise<void> {
    try {
      const changes = await changesAfter(this.#database, this.#seen, mostChanges)
      for (const { key, changed } of changes) {
        this.#seen = changed
        this.tell(key)
      }
    } catch (error) {
      // The next look finds what this one missed.
      this.#logger.warn({ error: plainText(error) }, 'changes of documents cannot be read')
    }
  }
}
