import { parseSegment } from '../segment/index.js'
import { ReachError } from '../spec/index.js'
import type { Book, BookQuery, Segment } from '../spec/index.js'
import { countAll, listPage, parseId, parseIds, parseList, parseTenant, removeAll } from './read.js'
import type { Shelf } from './read.js'
import type { Recipients } from './types.js'
import { parseUpsert, upsertAll } from './upsert.js'

/** What an open store gives to work with. */
export interface RecipientParts extends Pick<Shelf, 'history'> {
  readonly book: Book | undefined
  /** Whose recipients, where a call does not say. */
  readonly tenant: string
  /** The store's clock: lengths of time in segments count back from it. */
  readonly now: () => number
}

/**
 * The recipients of a store, which is opened by the first call. Arguments are checked before that. Addresses are not
 * checked here but by each channel, when it sends.
 */
export function createRecipients(open: () => Promise<RecipientParts> | RecipientParts): Recipients<object> {
  return Object.freeze({
    async upsert(source, options = {}) {
      const plan = parseUpsert(source, options)
      const { book, tenant } = await shelf(open)
      return upsertAll(book, plan.tenant ?? tenant, plan)
    },
    async get(id, options = {}) {
      const wanted = parseId('get()', id)
      const asked = parseTenant('get()', options)
      const { book, tenant } = await shelf(open)
      const [found] = await book.recipients(asked ?? tenant, [wanted])
      return found
    },
    async remove(ids, options = {}) {
      const all = parseIds('remove()', ids)
      const asked = parseTenant('remove()', options)
      const { book, tenant } = await shelf(open)
      return removeAll(book, asked ?? tenant, all)
    },
    async list(filter = {}) {
      const plan = parseList(filter)
      const opened = await shelf(open)
      return listPage(opened, queryOf(opened, plan.tenant, plan.segment), plan)
    },
    async count(segment, options = {}) {
      const rule = segment === undefined ? undefined : parseSegment(segment)
      const asked = parseTenant('count()', options)
      const opened = await shelf(open)
      return countAll(opened, queryOf(opened, asked, rule))
    },
  } satisfies Recipients<object>)
}

type Opened = RecipientParts & Shelf

async function shelf(open: () => Promise<RecipientParts> | RecipientParts): Promise<Opened> {
  const parts = await open()
  const { book } = parts
  if (book !== undefined) return { ...parts, book }
  throw new ReachError(
    'REACH_BOOK_MISSING',
    'recipients are kept by a store with a recipient book, and this one has none',
  )
}

function queryOf({ tenant, now }: Opened, asked: string | undefined, segment: Segment | undefined): BookQuery {
  return { tenant: asked ?? tenant, now: now(), ...(segment && { segment }) }
}
