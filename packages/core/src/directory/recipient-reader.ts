import { retrying } from '../io/retrying.js'
import type { Directory, Logger, Recipient } from '../spec/index.js'

const batchSize = 500

/** Recipients by id, or why there are none. */
export type RecipientBook = ReadonlyMap<string, Recipient> | 'failed'

/** Reads recipients from the app's directory in batches, each id once, and looks again before it gives up. */
export class RecipientReader {
  readonly #directory: Directory | undefined
  readonly #logger: Logger

  constructor(directory: Directory | undefined, logger: Logger) {
    this.#directory = directory
    this.#logger = logger
  }

  async read(ids: readonly string[], tenant: string, signal: AbortSignal): Promise<RecipientBook> {
    const directory = this.#directory
    if (ids.length === 0 || directory === undefined) return new Map()
    const wanted = ids.length === 1 ? ids : [...new Set(ids)]
    const book = new Map<string, Recipient>()
    try {
      for (let start = 0; start < wanted.length; start += batchSize) {
        const page = wanted.slice(start, start + batchSize)
        const found = await retrying(() => directory.recipients(page, { signal, tenant }), { signal })
        for (const recipient of found) book.set(recipient.id, recipient)
      }
      return book
    } catch (error) {
      this.#logger.error({ recipients: wanted.length, error: (error as Error).name }, 'the directory failed; messages wait')
      return 'failed'
    }
  }
}
