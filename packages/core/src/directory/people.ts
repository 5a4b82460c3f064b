import { bookDirectory } from '../recipients/index.js'
import type { Book, Directory } from '../spec/index.js'

/**
 * Who is reached by an id: the app's own directory, or else the store's recipients, once there are any. Before that an
 * app that has forgotten its directory is told so.
 */
export class People {
  readonly directory: Directory | undefined
  readonly #book: Book | undefined
  readonly #tenants = new Set<string>()
  readonly #isOwn: boolean

  constructor(own: Directory | undefined, book: Book | undefined) {
    this.directory = own ?? (book && bookDirectory(book))
    this.#book = book
    this.#isOwn = own !== undefined
  }

  /** True where ids of this tenant can be looked up, as far as was seen until now. */
  isKnown(tenant: string): boolean {
    return this.#isOwn || this.#tenants.has(tenant)
  }

  /** Looks whether the store has recipients of this tenant by now. */
  async look(tenant: string): Promise<boolean> {
    if (this.isKnown(tenant)) return true
    if (this.#book === undefined) return false
    const { profiles, next } = await this.#book.page({ tenant, now: 0 }, { after: '', limit: 1 })
    if (profiles.length > 0 || next !== undefined) this.#tenants.add(tenant)
    return this.isKnown(tenant)
  }
}
