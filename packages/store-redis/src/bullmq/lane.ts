import type { Clock, Envelope, Lane, Logger, PoolDepth, ReachError } from '@reachkit/core/spec'
import { codeOf, redisError } from '../client/redis-error.js'
import { Acks } from './acks.js'
import { unavailableOr } from './connections.js'
import { Held } from './held.js'
import type { LaneBackend } from './lane-backend.js'
import type { Marker } from './marker.js'
import { parseEnvelope } from './parse-envelope.js'
import type { LaneCalls, TurnAnswer } from './lane-calls.js'
import type { Shares } from './shares.js'
import type { StoreTime } from './store-time.js'

/** How often BullMQ is told how this queue is set up: a flush forgets it. In stalled checks. */
const configureEvery = 60

/** How long an ack may wait for a claim that takes it along. */
const ackWithinMs = 10

export interface LaneOptions {
  readonly lane: Lane
  readonly clock: Clock
  readonly logger: Logger
  readonly time: StoreTime
  readonly on: LaneBackend
  readonly calls: LaneCalls
  readonly shares: Shares
  readonly marker: Marker
  /** The token of all locks of this process. */
  readonly token: string
}

interface Waiter {
  readonly max: number
  readonly signal: AbortSignal
  readonly resolve: (envelopes: readonly Envelope[]) => void
  readonly reject: (error: ReachError) => void
}

/** One queue of BullMQ, from which envelopes are fetched by hand, several in one go. */
export class LaneQueue {
  readonly #options: LaneOptions
  readonly #held: Held
  #waiters: Waiter[] = []
  #pumping: Promise<void> | undefined
  readonly #acks: Acks
  /** The last claim left nothing behind: whatever comes since then leaves a marker. */
  #empty = false
  #checks = 0
  #cancelCheck: (() => void) | undefined
  #closed = false
  readonly #background = new Set<Promise<void>>()

  constructor(options: LaneOptions) {
    this.#options = options
    this.#acks = new Acks({
      clock: options.clock,
      // While somebody waits for envelopes there are places, and the next claim is not far.
      waitMs: () => (this.#waiters.length > 0 ? ackWithinMs : 0),
      send: () => this.#later(async () => this.#turn(0)),
    })
    this.#held = new Held(options.clock, options.on.lockMs)
  }

  next(max: number, signal: AbortSignal): Promise<readonly Envelope[]> {
    if (signal.aborted || this.#closed) return Promise.resolve([])
    if (this.#cancelCheck === undefined) this.#checkStalled()
    return new Promise((resolve, reject) => {
      const leave = (): void => this.#leave(waiter)
      const done = (): void => signal.removeEventListener('abort', leave)
      const waiter: Waiter = {
        max,
        signal,
        resolve: (envelopes) => {
          done()
          resolve(envelopes)
        },
        reject: (error) => {
          done()
          reject(error)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiters.push(waiter)
      this.#pumping ??= this.#pump()
    })
  }

  /** A lock that was lost is normal: somebody else has it, and the ledger knows whose the messages are. */
  async ack(ids: readonly string[]): Promise<void> {
    const own = ids.filter((id) => this.#held.release(id))
    if (own.length > 0) await this.#acks.add(own)
  }

  async renew(ids: readonly string[]): Promise<void> {
    const { backend, lockMs } = this.#options.on
    const held = ids.filter((id) => this.#held.renew(id))
    if (held.length === 0) return
    const tokens = held.map(() => this.#options.token)
    const lost = await backend.extendLocks(held, tokens, lockMs)
    for (const id of lost) this.#held.release(id)
  }

  /** Of what the ledger has to run, leased is what BullMQ has handed out. */
  async depth(
    entries: readonly { id: string; tenant: string; due: number; leased: boolean }[],
  ): Promise<readonly PoolDepth[]> {
    const { lane, shares } = this.#options
    const active = await shares.leasedIds()
    const depths = new Map<string, PoolDepth>()
    for (const { id, tenant, due, leased } of entries) {
      const depth = depths.get(tenant) ?? { lane, tenant, waiting: 0, leased: 0, oldestDue: undefined }
      if (leased || active.has(id)) depths.set(tenant, { ...depth, leased: depth.leased + 1 })
      else
        depths.set(tenant, { ...depth, waiting: depth.waiting + 1, oldestDue: Math.min(depth.oldestDue ?? due, due) })
    }
    return [...depths.values()]
  }

  /** Nobody is answered any more; what was just claimed for somebody goes back. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelCheck?.()
    for (const waiter of this.#waiters.splice(0)) waiter.resolve([])
    this.#options.marker.close()
    await this.#pumping
    if (!this.#acks.none) this.#later(async () => this.#turn(0))
    await Promise.all(this.#background)
  }

  #leave(waiter: Waiter): void {
    this.#waiters = this.#waiters.filter((one) => one !== waiter)
    waiter.resolve([])
    if (this.#waiters.length === 0) this.#options.marker.wake()
  }

  /** Runs for as long as somebody waits. */
  async #pump(): Promise<void> {
    const { marker, time } = this.#options
    while (!this.#closed && this.#waiters.length > 0) {
      try {
        if (this.#empty) await marker.wait(() => time.now())
        this.#empty = false
        const [waiter] = this.#waiters
        if (waiter === undefined) break
        const envelopes = await this.#claim(waiter.max)
        if (envelopes.length > 0) await this.#hand(envelopes)
      } catch (error) {
        this.#waiters.shift()?.reject(redisError(error))
      }
    }
    this.#pumping = undefined
    this.#later(async () => marker.handOn())
  }

  async #hand(envelopes: readonly Envelope[]): Promise<void> {
    const waiter = this.#waiters.shift()
    if (waiter === undefined) return this.#giveBack(envelopes)
    waiter.resolve(envelopes.slice(0, waiter.max))
    // Another one may have asked for fewer, after the one that left.
    if (envelopes.length > waiter.max) await this.#giveBack(envelopes.slice(waiter.max))
  }

  async #giveBack(envelopes: readonly Envelope[]): Promise<void> {
    const { token, on } = this.#options
    for (const { id } of envelopes) {
      if (!this.#held.release(id)) continue
      await unavailableOr(() => passingLostLocks(() => on.backend.moveJobFromActiveToWait(id, token)))
    }
  }

  async #claim(max: number): Promise<readonly Envelope[]> {
    const { marker, shares } = this.#options
    const { jobs, later, empty, refills } = await unavailableOr(() => this.#turn(max))
    if (later > 0) marker.expect(later)
    this.#empty = empty
    const envelopes = jobs.flatMap(({ id, data }) => this.#claimed(id, data))
    for (const [tenant, seen] of refills) {
      const weight = envelopes.find((one) => one.tenant === tenant)?.weight ?? 1
      this.#later(async () => shares.refill({ tenant, weight }, seen))
    }
    return envelopes
  }

  /** One round trip: acks that wait, and so many claims at most. */
  async #turn(max: number): Promise<TurnAnswer> {
    const acks = this.#acks.take()
    try {
      const answer = await this.#options.calls.turn({ acks: acks.ids, max })
      acks.sent()
      return answer
    } catch (error) {
      acks.failed(error)
      throw error
    }
  }

  #claimed(id: string, data: string): Envelope[] {
    this.#held.hold(id)
    const envelope = parseEnvelope(data, id, this.#options.lane)
    if (envelope === undefined) this.#discard(id)
    return envelope === undefined ? [] : [envelope]
  }

  /** A job that is no envelope, or of a shape of another version: the ledger has it if it is ours. */
  #discard(id: string): void {
    this.#options.logger.error({ lane: this.#options.lane }, 'the pool has a job that is no envelope; it was removed')
    this.#later(async () => this.ack([id]))
  }

  /** Finds what dead workers hold. BullMQ needs two checks, so one comes ten times in the life of a lock. */
  #checkStalled(): void {
    const { clock, on } = this.#options
    this.#cancelCheck = clock.setTimer(on.stalledMs, () => {
      if (this.#closed) return
      this.#checkStalled()
      this.#later(async () => {
        if (this.#checks % configureEvery === 0) await on.configure()
        this.#checks += 1
        this.#held.forgetOld()
        await on.backend.moveStalledJobsToWait()
      })
    })
  }

  /** Beside the way of an envelope: where it fails, the sweep repairs it. */
  #later(work: () => Promise<unknown>): void {
    const running: Promise<void> = work().then(
      () => void this.#background.delete(running),
      (error: unknown) => {
        this.#background.delete(running)
        if (!this.#closed)
          this.#options.logger.warn({ lane: this.#options.lane, error: codeOf(error) }, 'the pool lags')
      },
    )
    this.#background.add(running)
  }
}

/** BullMQ's codes: the job is gone, its lock is gone or somebody else's, or it is not active any more. */
const lostLock: readonly unknown[] = [-1, -2, -3, -6]

async function passingLostLocks(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && lostLock.includes(error.code)) return
    throw error
  }
}
