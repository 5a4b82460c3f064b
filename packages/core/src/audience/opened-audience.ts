import { ReachError } from '../spec/index.js'
import type { AudiencePage, AudiencePageRequest, AudienceSource } from '../spec/index.js'
import { longestCursor } from './checked-source.js'
import type { Has } from './membership.js'
import type { Zones } from './zones.js'

/** A source as it is handed out: its cursors fit where they are kept, and closing it closes what was opened for it. */
export class OpenedAudience implements AudienceSource {
  readonly #source: AudienceSource
  readonly #opened: readonly AudienceSource[]
  readonly count?: () => Promise<number>
  readonly has?: Has
  readonly zones?: () => Promise<Zones>

  constructor(source: AudienceSource, opened: readonly AudienceSource[]) {
    this.#source = source
    this.#opened = opened
    const [count, has, zones] = [source.count?.bind(source), source.has?.bind(source), source.zones?.bind(source)]
    if (count !== undefined) this.count = count
    if (has !== undefined) this.has = has
    if (zones !== undefined) this.zones = zones
  }

  async page(request: AudiencePageRequest): Promise<AudiencePage> {
    const page = await this.#source.page(request)
    if ((page.next?.length ?? 0) <= longestCursor) return page
    const text = `The cursor of an audience is longer than ${longestCursor} characters, with those of the audiences around it.`
    throw new ReachError('REACH_AUDIENCE_FAILED', text)
  }

  /** All of them, whatever one of them throws; then the first error. */
  async close(): Promise<void> {
    const ends = await Promise.allSettled(this.#opened.map(async (source) => source.close?.()))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
}
