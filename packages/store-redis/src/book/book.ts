import type { Book, BookEvent, BookPage, BookQuery, ListItem, Profile } from '@reachkit/core/spec'
import type { Scripts } from '../client/script.js'
import { BookParts } from './book-keys.js'
import { Deeds } from './deeds.js'
import { Lists } from './lists.js'
import { Pages } from './pages.js'
import { People } from './people.js'

export interface BookSettings {
  readonly prefix: string
  readonly compress: boolean
  readonly eventsForMs: number
}

/** The recipient book on Redis: each tenant in parts by the ids of recipients, with an index of groups and zones. */
export class RedisBook implements Book {
  readonly specVersion = 1
  readonly #people: People
  readonly #pages: Pages
  readonly #deeds: Deeds
  readonly #lists: Lists

  constructor(scripts: Scripts, { prefix, compress, eventsForMs }: BookSettings) {
    const parts = new BookParts(prefix)
    this.#people = new People(scripts, parts, compress)
    this.#pages = new Pages(scripts, parts, this.#people)
    this.#deeds = new Deeds(scripts, parts, eventsForMs)
    this.#lists = new Lists(scripts, prefix)
  }

  async upsert(tenant: string, profiles: readonly Profile[]): Promise<void> {
    await this.#people.upsert(tenant, profiles)
  }

  /** Events go first: what was interrupted is done again as a whole. */
  async remove(tenant: string, ids: readonly string[]): Promise<number> {
    await this.#deeds.forget(tenant, ids)
    return this.#people.remove(tenant, ids)
  }

  async recipients(tenant: string, ids: readonly string[]): Promise<readonly Profile[]> {
    return (await this.#people.find(tenant, ids)).map(({ profile }) => profile)
  }

  async page(
    { tenant, segment }: BookQuery,
    page: { readonly after: string; readonly limit: number },
  ): Promise<BookPage> {
    return this.#pages.page({ tenant, ...page }, segment ?? { all: [] })
  }

  async count({ tenant, segment }: BookQuery): Promise<number | undefined> {
    return this.#pages.count(tenant, segment ?? { all: [] })
  }

  async zones(tenant: string): Promise<readonly (string | null)[]> {
    return this.#pages.zones(tenant)
  }

  async record(tenant: string, events: readonly BookEvent[]): Promise<void> {
    await this.#deeds.record(tenant, events)
  }

  async events(tenant: string, name: string, recipients: readonly string[], since: number): Promise<readonly number[]> {
    return this.#deeds.counts(tenant, name, recipients, since)
  }

  async append(list: string, chunk: number, items: readonly ListItem[]): Promise<void> {
    await this.#lists.append(list, chunk, items)
  }

  async chunk(list: string, chunk: number): Promise<readonly ListItem[] | undefined> {
    return this.#lists.chunk(list, chunk)
  }

  async has(list: string, ids: readonly string[]): Promise<readonly boolean[]> {
    return this.#lists.has(list, ids)
  }

  async size(list: string): Promise<number> {
    return this.#lists.size(list)
  }

  async drop(list: string): Promise<void> {
    await this.#lists.drop(list)
  }
}
