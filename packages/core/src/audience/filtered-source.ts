import type { AudienceItem, AudiencePage, AudiencePageRequest, AudienceSource } from '../spec/index.js'
import type { Has } from './membership.js'
import type { Zones } from './zones.js'

/** Which of these pass: one answer each. */
export type Filter = (ids: readonly string[]) => Promise<readonly boolean[]>

/** Those of a source that a filter lets pass, in its order, with its data and its cursor. */
export class FilteredSource implements AudienceSource {
  readonly #of: AudienceSource
  readonly #filter: Filter
  /** There where the source and the filter both know without reading all. */
  readonly has?: Has
  readonly zones?: () => Promise<Zones>

  constructor(of: AudienceSource, filter: Filter, isFilterQuick: boolean) {
    this.#of = of
    this.#filter = filter
    const { has, zones } = { has: of.has?.bind(of), zones: of.zones?.bind(of) }
    if (has !== undefined && isFilterQuick) this.has = async (ids) => both(await has(ids), await filter(ids))
    if (zones !== undefined) this.zones = zones
  }

  async page(request: AudiencePageRequest): Promise<AudiencePage> {
    const page = await this.#of.page(request)
    return { ...page, items: await this.#passing(page.items) }
  }

  async #passing(items: readonly AudienceItem[]): Promise<readonly AudienceItem[]> {
    if (items.length === 0) return items
    const answers = await this.#filter(items.map(({ id }) => id))
    return items.filter((_, index) => answers[index] === true)
  }
}

function both(first: readonly boolean[], second: readonly boolean[]): readonly boolean[] {
  return first.map((answer, index) => answer && second[index] === true)
}

/** In all of them. */
export function inAll(memberships: readonly Has[]): Filter {
  return async (ids) => {
    let answers: readonly boolean[] = ids.map(() => true)
    for (const has of memberships) answers = both(answers, await has(ids))
    return answers
  }
}

export function notIn(has: Has): Filter {
  return async (ids) => (await has(ids)).map((answer) => !answer)
}
