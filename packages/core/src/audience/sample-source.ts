import type { AudiencePage, AudiencePageRequest, AudienceSource } from '../spec/index.js'
import { forEachPage } from './each-page.js'
import { digestOf, numberAt } from './id-hash.js'
import { invalidCursor } from './invalid-cursor.js'
import type { Has } from './membership.js'
import type { SampleOf } from './plan.js'
import { SmallestHashes, hashRange } from './smallest-hashes.js'
import type { Zones } from './zones.js'

/**
 * Those of a source whose hash of seed and id is below a limit. For a share the limit is the share. For a size the first
 * page reads the whole source and finds the limit that so many are below; it stands in the cursor from then on, so that
 * a run keeps to the same people however often it is resumed, and whoever joins the source meanwhile.
 */
export class SampleSource implements AudienceSource {
  readonly #of: AudienceSource
  readonly #plan: Omit<SampleOf<unknown>, 'of'>
  readonly #signal: AbortSignal
  #limit: Promise<number> | undefined
  readonly has?: Has
  readonly count?: () => Promise<number>
  readonly zones?: () => Promise<Zones>

  constructor(of: AudienceSource, plan: Omit<SampleOf<unknown>, 'of'>, signal: AbortSignal) {
    this.#of = of
    this.#plan = plan
    this.#signal = signal
    const { share, size } = plan
    const { has, count, zones } = { has: of.has?.bind(of), count: of.count?.bind(of), zones: of.zones?.bind(of) }
    if (has !== undefined && share !== undefined) this.has = async (ids) => this.#below(await has(ids), ids, share)
    if (count !== undefined && size !== undefined) this.count = async () => Math.min(size, await count())
    if (zones !== undefined) this.zones = zones
  }

  async page({ cursor, ...request }: AudiencePageRequest): Promise<AudiencePage> {
    const { limit, inner } = await this.#begin(cursor)
    const page = await this.#of.page({ ...request, cursor: inner })
    const items = page.items.filter(({ id }) => this.#hashOf(id) < limit)
    const next = page.next === undefined || this.#plan.size === undefined ? page.next : `${limit}:${page.next}`
    return { ...page, items, next }
  }

  async #begin(cursor: string): Promise<{ readonly limit: number; readonly inner: string }> {
    const { share } = this.#plan
    if (share !== undefined) return { limit: share * hashRange, inner: cursor }
    if (cursor === '') return { limit: await this.#findLimit(), inner: '' }
    const [, limit, inner] = /^(\d{1,15}):([^]*)$/.exec(cursor) ?? []
    if (limit === undefined || inner === undefined) throw invalidCursor()
    return { limit: Number(limit), inner }
  }

  /** Once, however many zones begin to read. */
  #findLimit(): Promise<number> {
    this.#limit ??= this.#readLimit().catch((error: unknown) => {
      this.#limit = undefined
      throw error
    })
    return this.#limit
  }

  async #readLimit(): Promise<number> {
    const smallest = new SmallestHashes(this.#plan.size ?? 0)
    await forEachPage(this.#of, this.#signal, ({ items }) => {
      for (const { id } of items) smallest.add(this.#hashOf(id))
    })
    return smallest.limit
  }

  #below(answers: readonly boolean[], ids: readonly string[], share: number): readonly boolean[] {
    return answers.map((answer, index) => answer && this.#hashOf(ids[index] ?? '') < share * hashRange)
  }

  #hashOf(id: string): number {
    return numberAt(digestOf(`${this.#plan.seed}\0${id}`), 0, 6)
  }
}
