import type { AudiencePage, AudiencePageRequest, AudienceSource } from '../spec/index.js'
import { invalidCursor } from './invalid-cursor.js'
import type { Zones } from './zones.js'

/**
 * One source after the other. Whoever is in several comes once from each: a run drops those that it has accepted. The
 * cursor is the number of the source and the cursor in it. There is no count: it would take reading all.
 */
export class UnionSource implements AudienceSource {
  readonly #sources: readonly AudienceSource[]
  readonly has?: (ids: readonly string[]) => Promise<readonly boolean[]>
  readonly zones?: () => Promise<Zones>

  constructor(sources: readonly AudienceSource[]) {
    this.#sources = sources
    if (sources.every((source) => source.has !== undefined)) this.has = (ids) => anyHas(sources, ids)
    if (sources.every((source) => source.zones !== undefined)) this.zones = () => allZones(sources)
  }

  async page({ cursor, ...request }: AudiencePageRequest): Promise<AudiencePage> {
    const [, number = '0', inner = ''] = /^(\d{1,3}):([^]*)$/.exec(cursor) ?? []
    const source = this.#sources[Number(number)]
    if (source === undefined || (cursor !== '' && !cursor.includes(':'))) throw invalidCursor()
    const page = await source.page({ ...request, cursor: inner })
    return { ...page, next: this.#next(Number(number), page.next) }
  }

  #next(number: number, inner: string | undefined): string | undefined {
    if (inner !== undefined) return `${number}:${inner}`
    return number + 1 < this.#sources.length ? `${number + 1}:` : undefined
  }
}

async function anyHas(sources: readonly AudienceSource[], ids: readonly string[]): Promise<readonly boolean[]> {
  const answers = await Promise.all(sources.map(async (source) => source.has?.(ids)))
  return ids.map((_, index) => answers.some((answer) => answer?.[index] === true))
}

async function allZones(sources: readonly AudienceSource[]): Promise<Zones> {
  const zones = await Promise.all(sources.map(async (source) => source.zones?.()))
  return [...new Set(zones.flatMap((known) => known ?? []))]
}
