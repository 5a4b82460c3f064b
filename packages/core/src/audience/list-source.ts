import { ReachError } from '../spec/index.js'
import type { AudienceItem, AudiencePage, AudiencePageRequest, AudienceSource, Book, ListItem } from '../spec/index.js'
import { byBatches } from './batches.js'
import { numbersOf } from './invalid-cursor.js'
import type { ListPlan } from './plan.js'

/** A list of the book. The cursor is a chunk, a place in it, and how many items came before. */
export class ListSource implements AudienceSource {
  readonly #book: Book
  readonly #plan: ListPlan
  #last: { readonly chunk: number; readonly items: readonly ListItem[] } | undefined

  constructor(book: Book, plan: ListPlan) {
    this.#book = book
    this.#plan = plan
  }

  /** @throws ReachError `REACH_AUDIENCE_GONE` where the list ends before its size. */
  async page({ cursor, limit }: AudiencePageRequest): Promise<AudiencePage> {
    let [chunk = 0, index = 0, seen = 0] = cursor === '' ? [] : numbersOf(cursor, 3)
    const items: AudienceItem[] = []
    while (items.length < limit && seen < this.#plan.size) {
      const there = await this.#chunk(chunk)
      const taken = there.slice(index, index + limit - items.length)
      items.push(...taken.map(itemOf))
      seen += taken.length
      const isChunkOver = index + taken.length === there.length
      ;[chunk, index] = isChunkOver ? [chunk + 1, 0] : [chunk, index + taken.length]
    }
    return { items, next: seen < this.#plan.size ? `${chunk}:${index}:${seen}` : undefined }
  }

  async count(): Promise<number> {
    return this.#plan.size
  }

  async has(ids: readonly string[]): Promise<readonly boolean[]> {
    return byBatches(ids, (batch) => this.#book.has(this.#plan.list, batch))
  }

  async #chunk(chunk: number): Promise<readonly ListItem[]> {
    if (this.#last?.chunk === chunk) return this.#last.items
    const items = await this.#book.chunk(this.#plan.list, chunk)
    if (items === undefined)
      throw new ReachError('REACH_AUDIENCE_GONE', 'The list that an audience was copied into is gone.')
    this.#last = { chunk, items }
    return items
  }
}

/** What `textOf` wrote. */
function itemOf({ id, text }: ListItem): AudienceItem {
  return text === '' ? { id } : { ...(JSON.parse(text) as Omit<AudienceItem, 'id'>), id }
}

/** What a list keeps of an item beside its id. */
export function textOf(item: AudienceItem): string {
  return Object.keys(item).length === 1 ? '' : JSON.stringify({ ...item, id: undefined })
}
