import type { Clock } from '@reachkit/core/spec'
import type { LedgerContext } from '../ledger/core.js'
import type { Feed } from './feed.js'

/** What a living process writes, it tells history within this. */
const patienceMs = 3_000
const mostAtOnce = 100

/** Finds what a process that died did not tell history any more. */
export class Repair {
  readonly #context: Pick<LedgerContext, 'db' | 'dialect'>
  readonly #feed: Feed
  readonly #clock: Clock
  /** Since when a parcel was seen behind at that version; monotonic time. */
  #behind = new Map<string, { readonly told: number; readonly since: number }>()

  constructor(context: Pick<LedgerContext, 'db' | 'dialect'>, feed: Feed, clock: Clock) {
    this.#context = context
    this.#feed = feed
    this.#clock = clock
  }

  async step(): Promise<void> {
    const { db, dialect } = this.#context
    const rows = await db
      .selectFrom('reach_progress')
      .select(['parcel', 'told'])
      .where(dialect.untold)
      .limit(mostAtOnce)
      .execute()
    const now = this.#clock.monotonic()
    const behind = new Map(
      rows.map(({ parcel, told }) => {
        const known = this.#behind.get(parcel)
        return [parcel, known?.told === told ? known : { told, since: now }]
      }),
    )
    const late = [...behind].filter(([, { since }]) => now - since >= patienceMs).map(([parcel]) => parcel)
    if (late.length > 0) await this.#feed.repair(late)
    for (const parcel of late) behind.delete(parcel)
    this.#behind = behind
  }
}
