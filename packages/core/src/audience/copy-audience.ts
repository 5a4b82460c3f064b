import { setImmediate } from 'node:timers/promises'
import { errorName } from '../io/error-name.js'
import { ReachError, isReachError } from '../spec/index.js'
import type { Book, ListItem } from '../spec/index.js'
import { bookOf } from './book-of.js'
import { textOf } from './list-source.js'
import { type KnownChannels, parseItem } from './parse-item.js'
import type { ListPlan, UncopiedItems } from './plan.js'

export interface CopyContext {
  readonly book: Book | undefined
  readonly signal: AbortSignal
  readonly channels?: KnownChannels
  /** The list to write, a new one. */
  readonly list: string
  /** Items at most: 10 million unless told. What never ends must not fill the store. */
  readonly mostItems?: number
}

const chunkItems = 500
/** Characters of a chunk, and of one item. */
const chunkLength = 1024 * 1024

/**
 * Copies ids and recipients, of which the caller may have no second, into a list of the book, in chunks. Where anything
 * fails the iterable is told to stop; what was written stays, for the caller to drop.
 * @throws ReachError `REACH_BOOK_MISSING` for a store without a book, `REACH_AUDIENCE_INVALID` for an item that is none
 * (named by its number), `REACH_AUDIENCE_FAILED` where the iterable throws; what the book throws.
 */
export async function copyAudience({ items, where }: UncopiedItems, context: CopyContext): Promise<ListPlan> {
  const { list, signal } = context
  const book = bookOf(context.book, 'An audience of more than 1,000, or one that is iterated,')
  return { kind: 'list', list, size: await copy(iterated(items, signal), where, book, context) }
}

async function copy(items: AsyncIterable<unknown>, where: string, book: Book, context: CopyContext): Promise<number> {
  const { list, signal, channels, mostItems = 10_000_000 } = context
  let [size, chunk, length]: [number, number, number] = [0, 0, 0]
  let gathered: ListItem[] = []
  const flush = async (): Promise<void> => {
    await book.append(list, chunk, gathered)
    ;[chunk, length, gathered] = [chunk + 1, 0, []]
    await setImmediate()
    signal.throwIfAborted()
  }
  for await (const value of items) {
    if (size === mostItems) throw tooMany(where, mostItems)
    const item = listItem(value, `${where}[${size}]`, channels)
    size += 1
    length += item.id.length + item.text.length
    gathered.push(item)
    if (gathered.length === chunkItems || length >= chunkLength) await flush()
  }
  if (gathered.length > 0) await flush()
  return size
}

function listItem(value: unknown, where: string, channels: KnownChannels): ListItem {
  const item = parseItem(value, where, channels)
  const text = textOf(item)
  if (text.length <= chunkLength) return { id: item.id, text }
  throw new ReachError('REACH_AUDIENCE_INVALID', `${where} must be at most ${chunkLength} characters of JSON.`)
}

/** What the iterable throws becomes ours; what is thrown at it while it stands still is not. */
async function* iterated(items: UncopiedItems['items'], signal: AbortSignal): AsyncGenerator<unknown> {
  try {
    for await (const item of items) {
      signal.throwIfAborted()
      yield item
    }
  } catch (cause) {
    if (signal.aborted || isReachError(cause)) throw cause
    throw new ReachError('REACH_AUDIENCE_FAILED', `The audience threw ${errorName(cause)} while it was copied.`, {
      cause,
    })
  }
}

function tooMany(where: string, most: number): ReachError {
  return new ReachError('REACH_AUDIENCE_INVALID', `${where} must be at most ${most} recipients.`)
}
