import type { AudienceItem, AudiencePage, AudiencePageRequest, AudienceSource } from '../spec/index.js'
import { numbersOf } from './invalid-cursor.js'
import { inZones, zonesOf, type Zones } from './zones.js'

/** Who stands in the plan itself. The cursor is an index. */
export class InlineSource implements AudienceSource {
  readonly #items: readonly AudienceItem[]
  readonly #ids: ReadonlySet<string>
  /** There where each is known without the directory, which may know the zone of an id. */
  readonly zones?: () => Promise<Zones>

  constructor(items: readonly AudienceItem[]) {
    this.#items = items
    this.#ids = new Set(items.map(({ id }) => id))
    const isWhole = items.every(({ addresses, zone }) => addresses !== undefined || zone !== undefined)
    if (isWhole) this.zones = async () => zonesOf(items)
  }

  async page({ cursor, limit, zones }: AudiencePageRequest): Promise<AudiencePage> {
    const [start = 0] = cursor === '' ? [] : numbersOf(cursor, 1)
    const end = start + limit
    const next = end < this.#items.length ? String(end) : undefined
    return inZones({ items: this.#items.slice(start, end), next }, zones)
  }

  async count(): Promise<number> {
    return this.#ids.size
  }

  async has(ids: readonly string[]): Promise<readonly boolean[]> {
    return ids.map((id) => this.#ids.has(id))
  }
}
