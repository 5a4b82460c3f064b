import type { Clock, Logger } from '@reachkit/core/spec'
import { list, optionalText, text, whole } from '../client/replies.js'
import { codeOf } from '../client/redis-error.js'
import type { Scripts } from '../client/script.js'
import { changesScript } from '../scripts/state.js'
import type { StateKeys } from './state-keys.js'

const everyMs = 400

interface Watching {
  readonly prefix: string
  readonly changed: (key: string) => void
}

/** Tells of changed documents: asks for those after the last number that was seen, as long as anybody watches. */
export class DocumentWatcher {
  readonly #watching = new Set<Watching>()
  #last: Promise<number> | undefined
  #timer: (() => void) | undefined
  #asking: Promise<void> | undefined
  #closed = false

  constructor(
    readonly scripts: Scripts,
    readonly keys: StateKeys,
    readonly clock: Clock,
    readonly logger: Logger,
  ) {}

  watch(prefix: string, changed: (key: string) => void): () => void {
    const watching = { prefix, changed }
    this.#watching.add(watching)
    // Asked before anything that is written from now on: a connection keeps the order of its commands.
    this.#last ??= this.#number()
    this.#last.catch(() => {})
    this.#schedule()
    return () => {
      this.#watching.delete(watching)
      if (this.#watching.size > 0) return
      this.#timer?.()
      this.#timer = undefined
      this.#last = undefined
    }
  }

  /** Somebody said that there is a change. */
  hint(): void {
    if (this.#watching.size > 0) void this.#ask()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#timer?.()
    await this.#asking
  }

  async #number(): Promise<number> {
    return Number(optionalText(await this.scripts.command('get', this.keys.changeNumber)) ?? 0)
  }

  #schedule(): void {
    if (this.#closed || this.#watching.size === 0) return
    this.#timer ??= this.clock.setTimer(everyMs, () => {
      this.#timer = undefined
      void this.#ask().finally(() => this.#schedule())
    })
  }

  #ask(): Promise<void> {
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #askOnce(): Promise<void> {
    try {
      const last = await (this.#last ??= this.#number())
      const flat = list(await this.scripts.run(changesScript, [this.keys.changes], [last]))
      if (flat.length === 0 || this.#last === undefined) return
      this.#last = Promise.resolve(whole(flat.at(-1)))
      for (let at = 0; at < flat.length; at += 2) this.#tell(text(flat[at]))
    } catch (error) {
      this.#last?.catch(() => (this.#last = undefined))
      this.logger.warn({ code: codeOf(error) }, 'changes of documents are told later: the store could not be reached')
    }
  }

  #tell(key: string): void {
    for (const { prefix, changed } of this.#watching) if (key.startsWith(prefix)) changed(key)
  }
}
