import type { Addition, State } from '../spec/index.js'
import type { HealthSettings } from './health-options.js'
import type { Tally } from './judge.js'

/** A window is counted in so many parts: it slides by one of them. */
const parts = 6
const counted = ['attempts', 'errors', 'slow'] as const
type Counted = (typeof counted)[number]

const none: Tally = { attempts: 0, errors: 0, slow: 0 }

/** Attempts of this process that the others do not know of yet, and what all processes had in the window. */
export class Tallies {
  readonly #state: Pick<State, 'count'>
  readonly #settings: HealthSettings
  #fresh = new Map<string, Record<Counted, number>>()

  constructor(state: Pick<State, 'count'>, settings: HealthSettings) {
    this.#state = state
    this.#settings = settings
  }

  /** How long a part of the window is. */
  get partMs(): number {
    return Math.ceil(this.#settings.windowMs / parts)
  }

  get isEmpty(): boolean {
    return this.#fresh.size === 0
  }

  add(place: string, failed: boolean, tookMs: number): void {
    let tally = this.#fresh.get(place)
    if (tally === undefined) this.#fresh.set(place, (tally = { ...none }))
    tally.attempts += 1
    if (failed) tally.errors += 1
    if (tookMs > this.#settings.slowMs) tally.slow += 1
  }

  /** Tells the others what is fresh, and answers the window of each place: one call. What could not be told is told later. */
  async share(places: readonly string[], now: number): Promise<ReadonlyMap<string, Tally>> {
    const part = Math.floor(now / this.partMs)
    const fresh = this.#fresh
    this.#fresh = new Map()
    const additions = places.flatMap((place) => this.#additions(place, part, fresh.get(place) ?? none))
    try {
      const sums = await this.#state.count(additions)
      return new Map(places.map((place, index) => [place, sumOf(sums, index)]))
    } catch (error) {
      this.#takeBack(fresh)
      throw error
    }
  }

  #additions(place: string, part: number, fresh: Tally): Addition[] {
    const ttlMs = 2 * this.#settings.windowMs
    return Array.from({ length: parts }, (_, back) =>
      counted.map((what) => {
        const by = back === 0 ? fresh[what] : 0
        return { key: `health/${place}/${part - back}/${what}`, by, ttlMs }
      }),
    ).flat()
  }

  #takeBack(fresh: ReadonlyMap<string, Tally>): void {
    for (const [place, tally] of fresh) {
      const now = this.#fresh.get(place) ?? none
      const of = (what: Counted): number => tally[what] + now[what]
      this.#fresh.set(place, { attempts: of('attempts'), errors: of('errors'), slow: of('slow') })
    }
  }
}

function sumOf(sums: readonly number[], index: number): Tally {
  const width = parts * counted.length
  const own = sums.slice(index * width, (index + 1) * width)
  const of = (at: number): number =>
    own.reduce((sum, value, place) => (place % counted.length === at ? sum + value : sum), 0)
  return { attempts: of(0), errors: of(1), slow: of(2) }
}
