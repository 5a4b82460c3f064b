import { shownName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { ChannelDriver, Random, Stickiness } from '../spec/index.js'
import { createSplitter, createStickySplitter } from '../splitter/index.js'
import type { Splitter, StickySplitter } from '../splitter/index.js'
import type { DriverQueue } from '../dispatch/driver-queue.js'

export interface WiredProvider {
  readonly name: string
  /** Channel and provider in one word, `sms:acme`: no two are the same. */
  readonly place: string
  readonly driver: ChannelDriver
  readonly queue: DriverQueue
}

const none: ReadonlySet<WiredProvider> = new Set()

/** A channel as the engine uses it: its providers, and the splitters over them, whose weights may change. */
export class WiredChannel {
  readonly #providers: ReadonlyMap<string, WiredProvider>
  #splitter: Splitter<WiredProvider>
  #keeping: StickySplitter<WiredProvider>

  constructor(
    readonly name: string,
    readonly sticky: Stickiness,
    providers: readonly (readonly [WiredProvider, number])[],
  ) {
    this.#providers = new Map(providers.map(([provider]) => [provider.name, provider]))
    this.#splitter = createSplitter(providers)
    this.#keeping = createStickySplitter(this.#splitter.weights, this.name)
  }

  get providers(): readonly WiredProvider[] {
    return [...this.#providers.values()]
  }

  get weights(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#splitter.weights.map(([{ name }, weight]) => [name, weight]))
  }

  provider(name: string | undefined): WiredProvider | undefined {
    return name === undefined ? undefined : this.#providers.get(name)
  }

  /**
   * From now on these weights; a provider that is not named keeps its own.
   * @throws ReachError `REACH_WEIGHTS_INVALID` for a provider that is not wired, or weights that are none.
   */
  reweigh(weights: Readonly<Record<string, number>>): void {
    const unknown = Object.keys(weights).find((name) => !this.#providers.has(name))
    if (unknown !== undefined) {
      const known = [...this.#providers.keys()].join(', ')
      const text = `channel '${this.name}' has no provider '${shownName(unknown)}'; there are ${known}`
      throw new ReachError('REACH_WEIGHTS_INVALID', text)
    }
    this.#splitter = createSplitter(
      this.#splitter.weights.map(([provider, weight]) => [provider, weights[provider.name] ?? weight] as const),
    )
    this.#keeping = createStickySplitter(this.#splitter.weights, this.name)
  }

  /** A provider for one attempt, by weight; one that failed already only where no other is left. */
  pick(recipient: string, tried: readonly string[], random: Random): WiredProvider {
    const excluded = tried.length === 0 ? none : new Set(tried.flatMap((name) => this.#providers.get(name) ?? []))
    if (this.sticky === 'recipient') {
      return this.#keeping.pickExcept(recipient, excluded) ?? this.#keeping.pick(recipient)
    }
    const unit = random.next()
    return this.#splitter.pickExcept(unit, excluded) ?? this.#splitter.pick(unit)
  }

  /** True where another provider has not failed yet. */
  hasOther(tried: readonly string[]): boolean {
    return [...this.#providers.keys()].some((name) => !tried.includes(name))
  }
}
