import type { Book, BookEvent, BookPage, BookQuery, ListItem, Profile } from '@reachkit/core/spec'
import type { Database } from '../database/dialect.js'
import { Deeds } from './deeds.js'
import { Lists } from './lists.js'
import { Pages } from './pages.js'
import { People } from './people.js'

/** The recipient book in tables. Segments are conditions of its statements. */
export class SqlBook implements Book {
  readonly specVersion = 1
  readonly #people: People
  readonly #pages: Pages
  readonly #deeds: Deeds
  readonly #lists: Lists

  constructor(database: Database) {
    this.#people = new People(database)
    this.#pages = new Pages(database)
    this.#deeds = new Deeds(database)
    this.#lists = new Lists(database)
  }

  upsert(tenant: string, profiles: readonly Profile[]): Promise<void> {
    return this.#people.upsert(tenant, profiles)
  }

  remove(tenant: string, ids: readonly string[]): Promise<number> {
    return this.#people.remove(tenant, ids)
  }

  recipients(tenant: string, ids: readonly string[]): Promise<readonly Profile[]> {
    return this.#people.recipients(tenant, ids)
  }

  page(query: BookQuery, page: { readonly after: string; readonly limit: number }): Promise<BookPage> {
    return this.#pages.page(query, page)
  }

  count(query: BookQuery): Promise<number | undefined> {
    return this.#pages.count(query)
  }

  zones(tenant: string): Promise<readonly (string | null)[]> {
    return this.#people.zones(tenant)
  }

  record(tenant: string, events: readonly BookEvent[]): Promise<void> {
    return this.#deeds.record(tenant, events)
  }

  events(tenant: string, name: string, recipients: readonly string[], since: number): Promise<readonly number[]> {
    return this.#deeds.events(tenant, name, recipients, since)
  }

  append(list: string, chunk: number, items: readonly ListItem[]): Promise<void> {
    return this.#lists.append(list, chunk, items)
  }

  chunk(list: string, chunk: number): Promise<readonly ListItem[] | undefined> {
    return this.#lists.chunk(list, chunk)
  }

  has(list: string, ids: readonly string[]): Promise<readonly boolean[]> {
    return this.#lists.has(list, ids)
  }

  size(list: string): Promise<number> {
    return this.#lists.size(list)
  }

  drop(list: string): Promise<void> {
    return this.#lists.drop(list)
  }
}
