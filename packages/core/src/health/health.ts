import type { WiredChannel, WiredProvider } from '../channel/wired-channel.js'
import { errorName } from '../io/error-name.js'
import type { Clock, DeliveryOutcome, Logger, State } from '../spec/index.js'
import type { HealthEvent } from './health-event.js'
import type { HealthSettings } from './health-options.js'
import { judge, steps } from './judge.js'
import type { Move, Tally } from './judge.js'
import { afterMoves, parseStandings, standingOf } from './standings.js'
import type { Standings } from './standings.js'
import { Tallies } from './tallies.js'

const prefix = 'health/'

export interface HealthContext {
  readonly settings: HealthSettings
  /** Those with several providers. */
  readonly channels: readonly WiredChannel[]
  readonly state: State
  readonly clock: Clock
  readonly storeNow: () => number
  readonly logger: Logger
  readonly tell: (channel: string, provider: string, event: HealthEvent) => void
}

/** An attempt that was made. */
export interface Observed {
  readonly channel: WiredChannel
  readonly provider: WiredProvider
  readonly tookMs: number
}

/**
 * Weights that follow health. Each process counts its attempts, shares the counts, and judges what all of them had in the
 * window; where somebody moves stands in one document a channel, which one of them writes and all of them follow. Nothing
 * is read or written while nothing is sent.
 */
export class Health {
  readonly #context: HealthContext
  readonly #tallies: Tallies
  readonly #standings = new Map<string, Standings>()
  #cancel: (() => void) | undefined
  #looking: Promise<void> = Promise.resolve()
  #unwatch: () => void = () => {}
  #closed = false

  private constructor(context: HealthContext) {
    this.#context = context
    this.#tallies = new Tallies(context.state, context.settings)
  }

  /** Takes over what the other processes found. */
  static async open(context: HealthContext): Promise<Health> {
    const health = new Health(context)
    await health.#follow()
    return health
  }

  /** What an attempt came to. Rejections are the message's own fault. */
  observe({ channel, provider, tookMs }: Observed, { kind }: DeliveryOutcome): void {
    if (channel.providers.length < 2) return
    this.#tallies.add(provider.place, kind === 'retry' || kind === 'unknown', tookMs)
    this.#arm()
  }

  /** Resolves when a look that is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true
    this.#unwatch()
    this.#cancel?.()
    await this.#looking
  }

  async #follow(): Promise<void> {
    const { state, channels, logger } = this.#context
    if (channels.length === 0) return
    const documents = await state.read(channels.map(({ name }) => prefix + name))
    for (const [index, channel] of channels.entries()) this.#apply(channel, parseStandings(documents[index]?.text))
    this.#unwatch = state.watch(prefix, (key) => {
      const channel = channels.find(({ name }) => prefix + name === key)
      if (channel === undefined) return
      this.#read(channel).catch((error: unknown) => {
        const fields = { channel: channel.name, error: errorName(error) }
        logger.error(fields, 'the health of providers could not be read; what was known stays')
      })
    })
  }

  async #read(channel: WiredChannel): Promise<{ readonly standings: Standings; readonly version: number }> {
    const [document] = await this.#context.state.read([prefix + channel.name])
    const standings = parseStandings(document?.text)
    this.#apply(channel, standings)
    return { standings, version: document?.version ?? 0 }
  }

  #apply(channel: WiredChannel, standings: Standings): void {
    this.#standings.set(channel.name, standings)
    channel.follow(factorsOf(channel, standings))
    if (this.#isAnyoneDown) this.#arm()
  }

  get #isAnyoneDown(): boolean {
    return [...this.#standings.values()].some((standings) => [...standings.values()].some(({ step }) => step > 0))
  }

  #arm(): void {
    if (this.#closed || this.#cancel !== undefined) return
    this.#cancel = this.#context.clock.setTimer(this.#tallies.partMs, () => {
      this.#cancel = undefined
      this.#looking = this.#look()
    })
  }

  async #look(): Promise<void> {
    const { channels, logger, storeNow } = this.#context
    try {
      const now = storeNow()
      const places = channels.flatMap(({ providers }) => providers.map(({ place }) => place))
      const tallies = await this.#tallies.share(places, now)
      for (const channel of channels) await this.#judge(channel, tallies, now)
    } catch (error) {
      logger.error({ error: errorName(error) }, 'the health of providers could not be looked at; it is tried again')
    }
    if (!this.#tallies.isEmpty || this.#isAnyoneDown) this.#arm()
  }

  async #judge(channel: WiredChannel, tallies: ReadonlyMap<string, Tally>, now: number): Promise<void> {
    const { settings, state, clock } = this.#context
    const judged = (standings: Standings): readonly Move[] => {
      const cases = channel.providers.map(({ name, place }) => ({
        provider: name,
        standing: standingOf(standings, name),
        tally: tallies.get(place) ?? noTally,
      }))
      return judge(cases, now, settings)
    }
    channel.allowProbes(settings.probes, clock.monotonic(), settings.windowMs)
    if (judged(this.#standings.get(channel.name) ?? new Map()).length === 0) return
    const { standings, version } = await this.#read(channel)
    const moves = judged(standings)
    if (moves.length === 0) return
    const next = afterMoves(standings, moves, now)
    // Whoever was quicker has told of it.
    const isMine = await state.write(prefix + channel.name, JSON.stringify(Object.fromEntries(next)), version)
    if (isMine === undefined) return
    this.#apply(channel, next)
    for (const move of moves) this.#tell(channel, move)
  }

  #tell(channel: WiredChannel, { provider, from, to, reason, tally }: Move): void {
    const { logger, settings, tell } = this.#context
    const numbers = { ...tally, windowMs: settings.windowMs, from: steps[from] ?? 0, to: steps[to] ?? 0 }
    const fields = { channel: channel.name, provider, reason, ...numbers }
    if (to < from) logger.info(fields, 'a provider is well again and has more of its weight')
    else logger.warn(fields, 'a provider is not well and has less of its weight')
    tell(channel.name, provider, { reason, ...numbers, weights: channel.healthyWeights })
  }
}

function factorsOf({ providers }: WiredChannel, standings: Standings): ReadonlyMap<string, number> {
  return new Map(providers.map(({ name }) => [name, steps[standingOf(standings, name).step] ?? 0]))
}

const noTally: Tally = { attempts: 0, errors: 0, slow: 0 }
