import { shownName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { ChannelDriver, Random, Stickiness } from '../spec/index.js'
import { createSplitter, createStickySplitter } from '../splitter/index.js'
import type { Splitter, StickySplitter } from '../splitter/index.js'
import type { DriverQueue } from '../dispatch/driver-queue.js'
import { healthyWeights } from '../health/shares.js'
import { Probes } from '../health/probes.js'

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
  readonly #probes = new Probes<WiredProvider>()
  #given: readonly (readonly [WiredProvider, number])[]
  #factors: ReadonlyMap<string, number> = new Map()
  #splitter: Splitter<WiredProvider>
  #keeping: StickySplitter<WiredProvider>

  constructor(
    readonly name: string,
    readonly sticky: Stickiness,
    providers: readonly (readonly [WiredProvider, number])[],
  ) {
    this.#providers = new Map(providers.map(([provider]) => [provider.name, provider]))
    this.#splitter = createSplitter(providers)
    this.#given = this.#splitter.weights
    this.#keeping = createStickySplitter(this.#splitter.weights, this.name)
  }

  get providers(): readonly WiredProvider[] {
    return [...this.#providers.values()]
  }

  /** As operators set them. */
  get weights(): Readonly<Record<string, number>> {
    return byName(this.#given)
  }

  /** What health leaves of them: by these the choice is made. */
  get healthyWeights(): Readonly<Record<string, number>> {
    return byName(this.#splitter.weights)
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
    const given = this.#given.map(([provider, weight]) => [provider, weights[provider.name] ?? weight] as const)
    this.#given = createSplitter(given).weights
    this.#split()
  }

  /** From now on so much of each provider's weight counts, from 0 to 1; all of it where it is not named. */
  follow(factors: ReadonlyMap<string, number>): void {
    this.#factors = factors
    this.#split()
  }

  /** Lets each provider that has lost all its weight have so many attempts in a time. */
  allowProbes(count: number, now: number, perMs: number): void {
    const down = this.providers.filter(({ name }) => this.#factors.get(name) === 0)
    this.#probes.allow(down, count, now, perMs)
  }

  /** One of the few attempts that a provider without weight is let have; undefined where there is none. */
  probe(): WiredProvider | undefined {
    return this.#probes.take()
  }

  #split(): void {
    const shares = this.#given.map(([choice, weight]) => ({
      choice,
      weight,
      factor: this.#factors.get(choice.name) ?? 1,
    }))
    this.#splitter = createSplitter(healthyWeights(shares))
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

function byName(weights: readonly (readonly [WiredProvider, number])[]): Readonly<Record<string, number>> {
  return Object.fromEntries(weights.map(([{ name }, weight]) => [name, weight]))
}
