import type {
  AudienceItem,
  AudiencePage,
  AudiencePageRequest,
  AudienceSource,
  Book,
  BookPage,
  Profile,
  Segment,
} from '../spec/index.js'
import { byBatches } from './batches.js'
import type { PlanContext } from './context.js'
import { forEachPage } from './each-page.js'
import { invalidCursor } from './invalid-cursor.js'
import type { Zones } from './zones.js'

/** Recipients that a page of a book may have. */
const mostProfiles = 5_000

/**
 * The recipients of the book that a rule selects: by the store where it can, and judged one by one where it cannot. The
 * cursor is the instant that windows of time count from, which stays that of the first page, and the last id.
 */
export class SegmentSource implements AudienceSource {
  readonly #segment: Segment
  readonly #book: Book
  readonly #context: PlanContext

  constructor(segment: Segment, book: Book, context: PlanContext) {
    this.#segment = segment
    this.#book = book
    this.#context = context
  }

  async page({ cursor, limit, zones }: AudiencePageRequest): Promise<AudiencePage> {
    const { now, after } = this.#begin(cursor)
    const segment = zones === undefined ? this.#segment : { all: [this.#segment, { zone: zones }] }
    const query = { tenant: this.#context.tenant, segment, now }
    const page = await this.#book.page(query, { after, limit: Math.min(limit, mostProfiles) })
    const profiles = await this.#judged(page, segment, now)
    return { items: profiles.map(itemOf), next: page.next === undefined ? undefined : `${now}:${page.next}` }
  }

  /** By the store where it can; else all of its recipients that may be of the segment are read. */
  async count(): Promise<number> {
    const { tenant, now, signal } = this.#context
    const counted = await this.#book.count({ tenant, segment: this.#segment, now: now() })
    if (counted !== undefined) return counted
    let count = 0
    await forEachPage(this, signal, ({ items }) => (count += items.length))
    return count
  }

  async has(ids: readonly string[]): Promise<readonly boolean[]> {
    return byBatches(ids, async (batch) => {
      const { tenant, judge, now } = this.#context
      const profiles = await this.#book.recipients(tenant, [...new Set(batch)])
      const judged = profiles.length === 0 ? [] : await judge(this.#segment, profiles, now())
      const inside = new Set(profiles.filter((_, index) => judged[index] === true).map(({ id }) => id))
      return batch.map((id) => inside.has(id))
    })
  }

  /** Those of all recipients: the segment may have nobody in some of them. */
  zones(): Promise<Zones> {
    return this.#book.zones(this.#context.tenant)
  }

  async #judged({ profiles, exact }: BookPage, segment: Segment, now: number): Promise<readonly Profile[]> {
    if (exact || profiles.length === 0) return profiles
    const judged = await this.#context.judge(segment, profiles, now)
    return profiles.filter((_, index) => judged[index] === true)
  }

  #begin(cursor: string): { readonly now: number; readonly after: string } {
    if (cursor === '') return { now: this.#context.now(), after: '' }
    const [, now, after] = /^(\d+):([^]*)$/.exec(cursor) ?? []
    if (now === undefined || after === undefined) throw invalidCursor()
    return { now: Number(now), after }
  }
}

/** Addresses and attributes are read when the message is sent. */
function itemOf({ id, zone }: Profile): AudienceItem {
  return zone === undefined ? { id } : { id, zone }
}
