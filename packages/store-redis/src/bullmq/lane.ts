import type { Clock, Envelope, Lane, Logger, PoolDepth, ReachError } from '@reachkit/core/spec'
import { codeOf, redisError } from '../client/redis-error.js'
import { unavailableOr } from './connections.js'
import { Held } from './held.js'
import type { LaneBackend } from './lane-backend.js'
import type { Marker } from './marker.js'
import { parseEnvelope } from './parse-envelope.js'
import type { ClaimedShare, Shares } from './shares.js'
import type { StoreTime } from './store-time.js'

/** How often BullMQ is told how this queue is set up: a flush forgets it. In stalled checks. */
const configureEvery = 60
/** To ask for one too many costs Redis little, and one too few costs another round trip. */
const leastAsked = 4

export interface LaneOptions {
  readonly lane: Lane
  readonly clock: Clock
  readonly logger: Logger
  readonly time: StoreTime
  readonly on: LaneBackend
  readonly shares: Shares
  readonly marker: Marker
  /** Begins every lock token: names this process. */
  readonly owner: string
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
  /** How many are asked for at once: as many as there were last time, and more where all came. */
  #ask = leastAsked
  #claims = 0
  #checks = 0
  #cancelCheck: (() => void) | undefined
  #closed = false
  readonly #background = new Set<Promise<void>>()

  constructor(options: LaneOptions) {
    this.#options = options
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
    const { backend } = this.#options.on
    await Promise.all(
      ids.map(async (id) => {
        const token = this.#held.release(id)
        if (token === undefined) return
        const job = { id, opts: {} }
        await passingLostLocks(() => backend.moveToCompleted(job as never, null, true, token, false))
      }),
    )
  }

  async renew(ids: readonly string[]): Promise<void> {
    const { backend, lockMs } = this.#options.on
    const held = ids.flatMap((id) => this.#held.renewing(id) ?? [])
    if (held.length === 0) return
    const lost = await backend.extendLocks(
      held.map(({ id }) => id),
      held.map(({ token }) => token),
      lockMs,
    )
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
        const envelopes = await this.#claim(this.#waiters[0]?.max ?? 1)
        if (envelopes.length > 0) await this.#hand(envelopes)
        else if (this.#waiters.length > 0) await marker.wait(() => time.now())
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
    const { backend } = this.#options.on
    for (const { id } of envelopes) {
      const token = this.#held.release(id)
      if (token === undefined) continue
      await unavailableOr(() => passingLostLocks(() => backend.moveJobFromActiveToWait(id, token)))
    }
  }

  /** One round trip: so many at once. */
  async #claim(max: number): Promise<readonly Envelope[]> {
    const { on, marker, owner } = this.#options
    const ask = Math.min(max, this.#ask)
    const calls = Array.from({ length: ask }, async () => {
      this.#claims += 1
      const token = `${owner}-${this.#claims}`
      const [data, id, , delayedUntil] = await on.backend.moveToActive(token)
      return { data: data as unknown, id: id as unknown, token, delayedUntil: Number(delayedUntil) }
    })
    const answers = await unavailableOr(() => Promise.all(calls))
    const envelopes: Envelope[] = []
    for (const { data, id, token, delayedUntil } of answers) {
      if (typeof id !== 'string' || id === '') {
        if (delayedUntil > 0) marker.expect(delayedUntil)
        continue
      }
      this.#held.hold(id, token)
      const envelope = parseEnvelope(data, id, this.#options.lane)
      if (envelope === undefined) this.#discard(id)
      else envelopes.push(envelope)
    }
    this.#ask = envelopes.length === ask ? ask * 4 : Math.max(leastAsked, envelopes.length)
    if (envelopes.length > 0) this.#topUp(envelopes)
    return envelopes
  }

  /** A job that is no envelope, or of a shape of another version: the ledger has it if it is ours. */
  #discard(id: string): void {
    this.#options.logger.error({ lane: this.#options.lane }, 'the pool has a job that is no envelope; it was removed')
    this.#later(async () => this.ack([id]))
  }

  #topUp(envelopes: readonly Envelope[]): void {
    const claimed = new Map<string, ClaimedShare>()
    for (const { id, tenant, weight } of envelopes) {
      const share = claimed.get(tenant)
      if (share === undefined) claimed.set(tenant, { weight, ids: [id] })
      else share.ids.push(id)
    }
    this.#later(async () => this.#options.shares.topUp(claimed, () => this.#options.marker.wake()))
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
