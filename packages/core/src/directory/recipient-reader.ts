import type { DeadlineWatch } from '../dispatch/deadline-watch.js'
import { errorName } from '../io/error-name.js'
import { retrying } from '../io/retrying.js'
import type { Directory, Logger, Recipient } from '../spec/index.js'

const batchSize = 500
/** After this long a directory counts as away, whatever it still does. */
const mostMs = 15_000

/** Recipients by id, or why there are none. */
export type RecipientBook = ReadonlyMap<string, Recipient> | 'failed'

/** Reads recipients from the app's directory in batches, each id once, and looks again before it gives up. */
export class RecipientReader {
  readonly #directory: Directory | undefined
  readonly #deadlines: DeadlineWatch
  readonly #logger: Logger

  constructor(directory: Directory | undefined, deadlines: DeadlineWatch, logger: Logger) {
    this.#directory = directory
    this.#deadlines = deadlines
    this.#logger = logger
  }

  /** Never rejects: a directory that stays away is answered with `failed`. */
  read(ids: readonly string[], tenant: string, signal: AbortSignal): Promise<RecipientBook> | RecipientBook {
    const directory = this.#directory
    if (ids.length === 0 || directory === undefined) return new Map()
    const context = { signal, tenant }
    const ask = (page: readonly string[]): Promise<readonly Recipient[]> =>
      retrying(() => directory.recipients(page, context), context)
    const pages = pagesOf(ids)
    const [only] = pages
    const found = pages.length === 1 && only !== undefined ? ask(only) : Promise.all(pages.map(ask)).then(flat)
    return this.#deadlines
      .within(mostMs, found)
      .then(bookOf)
      .catch((error: unknown) => this.#failed(ids.length, error))
  }

  #failed(recipients: number, error: unknown): 'failed' {
    this.#logger.error({ recipients, error: errorName(error) }, 'the directory failed; messages wait')
    return 'failed'
  }
}

/** Each id once, in pages of what a directory is given at most. */
function pagesOf(ids: readonly string[]): readonly (readonly string[])[] {
  if (ids.length === 1) return [ids]
  const wanted = [...new Set(ids)]
  const pages: (readonly string[])[] = []
  for (let start = 0; start < wanted.length; start += batchSize) pages.push(wanted.slice(start, start + batchSize))
  return pages
}

/** What is no person is passed over: one bad row must not stop the others. */
function bookOf(recipients: readonly (Recipient | null | undefined)[]): RecipientBook {
  const book = new Map<string, Recipient>()
  for (const recipient of recipients) if (typeof recipient?.id === 'string') book.set(recipient.id, recipient)
  return book
}

function flat(pages: readonly (readonly Recipient[])[]): readonly Recipient[] {
  return pages.flat()
}
