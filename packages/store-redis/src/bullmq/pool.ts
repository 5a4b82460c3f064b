import { lanes } from '@reachkit/core/spec'
import type { Envelope, Lane, Pool, PoolConsumer, PoolContext, PoolDepth } from '@reachkit/core/spec'
import { randomUUID } from 'node:crypto'
import type { Connections } from './connections.js'
import { codeOf } from '../client/redis-error.js'
import { openConnections, unavailableOr } from './connections.js'
import { openLaneBackend } from './lane-backend.js'
import type { LaneBackend } from './lane-backend.js'
import { LaneCalls } from './lane-calls.js'
import { LaneQueue } from './lane.js'
import { Marker } from './marker.js'
import { Near } from './near.js'
import type { Share } from './near.js'
import type { PoolSettings } from './options.js'
import { Shares } from './shares.js'
import { StoreTime } from './store-time.js'

/** What is due later than that stays in the ledger, in milliseconds. */
const horizonMs = 60_000
/** Entries of a lane that `depth` counts at most. */
const mostCounted = 10_000
/** A share of which more is due soon than was read is looked at again after this, in milliseconds. */
const lookAgainMs = 1_000

interface OpenLane {
  readonly on: LaneBackend
  readonly shares: Shares
  readonly queue: LaneQueue
}

/** The pool on BullMQ: a queue a lane. */
export class BullmqPool implements Pool {
  readonly specVersion = 1
  readonly #context: PoolContext
  readonly #connections: Connections
  readonly #time: StoreTime
  readonly #lanes: ReadonlyMap<Lane, OpenLane>
  readonly #near: Near
  readonly #looks = new Set<Promise<void>>()
  #closing: Promise<void> | undefined

  private constructor(
    context: PoolContext,
    connections: Connections,
    time: StoreTime,
    opened: ReadonlyMap<Lane, OpenLane>,
  ) {
    this.#context = context
    this.#connections = connections
    this.#time = time
    this.#near = new Near(
      context.clock,
      () => time.now(),
      (share) => this.#lookLater(share),
    )
    this.#lanes = opened
  }

  /** @throws ReachError `REACH_STORE_UNAVAILABLE`, `REACH_OPTION_INVALID` */
  static async open(context: PoolContext, settings: PoolSettings): Promise<BullmqPool> {
    const time = await StoreTime.read(context.clock, context.ledger)
    const connections = await openConnections(settings, context.logger)
    try {
      const token = randomUUID()
      const opening = lanes.map(
        async (lane) => [lane, await openLane(context, settings, connections, time, lane, token)] as const,
      )
      const pool = new BullmqPool(context, connections, time, new Map(await Promise.all(opening)))
      await unavailableOr(() => pool.#configure())
      return pool
    } catch (error) {
      await connections.close()
      throw error
    }
  }

  async push(envelopes: readonly Envelope[]): Promise<void> {
    if (envelopes.length === 0 || this.#closing !== undefined) return
    const now = this.#time.now()
    const near: Envelope[] = []
    for (const envelope of envelopes) {
      if (envelope.due > now + horizonMs) this.#near.remind(envelope.due - horizonMs, envelope)
      else near.push(envelope)
    }
    await unavailableOr(() => Promise.all([...byLane(near)].map(async ([lane, those]) => this.#pushOf(lane, those))))
  }

  consume(lane: Lane): PoolConsumer {
    const { queue } = this.#lane(lane)
    return { next: (max, signal) => queue.next(max, signal) }
  }

  async ack(envelopes: readonly Envelope[]): Promise<void> {
    await this.#eachLane(envelopes, (queue, ids) => queue.ack(ids))
  }

  async renew(envelopes: readonly Envelope[]): Promise<void> {
    await this.#eachLane(envelopes, (queue, ids) => queue.renew(ids))
  }

  /** What the ledger has to run, the first 10,000 of each lane by due time: most of it is not in BullMQ. */
  async depth(): Promise<readonly PoolDepth[]> {
    const { ledger } = this.#context
    const counted = [...this.#lanes].map(async ([lane, { queue }]) =>
      queue.depth(await ledger.pending({ lane }, mostCounted)),
    )
    return (await unavailableOr(() => Promise.all(counted))).flat()
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#near.close()
    await Promise.all([...this.#lanes.values()].map(async ({ queue }) => queue.close()))
    await Promise.all(this.#looks)
    await Promise.all([...this.#lanes.values()].map(async ({ on }) => on.close()))
    await this.#connections.close()
  }

  async #configure(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map(async ({ on }) => on.configure()))
  }

  #lane(lane: Lane): OpenLane {
    const open = this.#lanes.get(lane)
    if (open === undefined) throw new TypeError(`no such lane: ${lane}`)
    return open
  }

  async #pushOf(lane: Lane, envelopes: readonly Envelope[]): Promise<void> {
    for (const left of await this.#lane(lane).shares.push(envelopes)) this.#near.remind(left.due, left)
  }

  async #eachLane(
    envelopes: readonly Envelope[],
    work: (queue: LaneQueue, ids: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const lane = async ([name, those]: [Lane, readonly Envelope[]]): Promise<void> =>
      work(
        this.#lane(name).queue,
        those.map(({ id }) => id),
      )
    await unavailableOr(() => Promise.all([...byLane(envelopes)].map(lane)))
  }

  #lookLater(share: Share): void {
    const look: Promise<void> = this.#look(share).then(
      () => void this.#looks.delete(look),
      (error: unknown) => {
        this.#looks.delete(look)
        const fields = { lane: share.lane, error: codeOf(error) }
        this.#context.logger.warn(fields, 'what is due soon could not be read; the sweep finds it')
      },
    )
    this.#looks.add(look)
  }

  /** Something of this share is due now, or within the horizon. */
  async #look({ lane, tenant }: Share): Promise<void> {
    if (this.#closing !== undefined) return
    const { fresh, complete } = await this.#lane(lane).shares.read(tenant, horizonMs + 1)
    await this.push(fresh)
    if (!complete) this.#near.remind(this.#time.now() + lookAgainMs, { lane, tenant })
  }
}

async function openLane(
  { clock, logger, ledger }: PoolContext,
  settings: PoolSettings,
  connections: Connections,
  time: StoreTime,
  lane: Lane,
  token: string,
): Promise<OpenLane> {
  const { client } = connections
  const { prefix, perShare } = settings
  const base = `{${prefix}}:pool:${lane}`
  const on = openLaneBackend(connections, settings, lane, logger)
  const calls = await LaneCalls.open({ client, on, base, perShare, token, now: () => time.now() })
  const shares = new Shares({ lane, client, on, calls, ledger, time, base })
  const marker = new Marker({ clock, client, key: on.backend.toKey('marker'), open: () => connections.waiting() })
  return { on, shares, queue: new LaneQueue({ lane, clock, logger, time, on, calls, shares, marker, token }) }
}

function byLane(envelopes: readonly Envelope[]): Map<Lane, Envelope[]> {
  const found = new Map<Lane, Envelope[]>()
  for (const envelope of envelopes) {
    const those = found.get(envelope.lane)
    if (those === undefined) found.set(envelope.lane, [envelope])
    else those.push(envelope)
  }
  return found
}
