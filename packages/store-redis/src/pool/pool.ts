import type { Clock, Envelope, Lane, Pool, PoolConsumer, PoolDepth } from '@reachkit/core/spec'
import { lanes } from '@reachkit/core/spec'
import { list, text, whole } from '../client/replies.js'
import type { Scripts } from '../client/script.js'
import { poolAckScript, poolDepthScript, poolPushScript, poolRenewScript, poolTakeScript } from '../scripts/pool.js'
import type { PoolKeys } from './pool-keys.js'

export interface PoolTiming {
  /** How long the pool waits for an ack. */
  readonly leaseMs: number
  /** How long a consumer that waits asks again after, at the latest. */
  readonly askMs: number
}

const atOnce = 200

/**
 * A pool of the store's own: envelopes by due time in a sorted set for each share, which take turns by weight. Whoever
 * waits asks again every few milliseconds, and at once for what this process pushes.
 */
export class RedisPool implements Pool {
  readonly specVersion = 1
  readonly #shares = new Map<Lane, string[]>()
  readonly #wakes = new Set<() => void>()
  #closed = false

  constructor(
    readonly scripts: Scripts,
    readonly keys: PoolKeys,
    readonly clock: Clock,
    readonly timing: PoolTiming,
  ) {}

  async push(envelopes: readonly Envelope[]): Promise<void> {
    await this.#inParts(envelopes, async (part) => {
      const names = part.flatMap(({ lane, tenant }) => [
        this.keys.all,
        this.keys.leased(lane),
        this.keys.shares(lane),
        this.keys.waiting(lane, tenant),
      ])
      const args = part.flatMap((envelope) => [envelope.id, envelope.due, JSON.stringify(envelope), envelope.tenant])
      await this.scripts.run(poolPushScript, names, args)
    })
    for (const wake of this.#wakes) wake()
  }

  async ack(envelopes: readonly Envelope[]): Promise<void> {
    await this.#inParts(envelopes, async (part) => {
      const names = part.flatMap(({ lane, tenant }) => [
        this.keys.all,
        this.keys.leased(lane),
        this.keys.waiting(lane, tenant),
      ])
      await this.scripts.run(
        poolAckScript,
        names,
        part.map(({ id }) => id),
      )
    })
  }

  async renew(envelopes: readonly Envelope[]): Promise<void> {
    await this.#renew(envelopes, this.timing.leaseMs)
  }

  async #renew(envelopes: readonly Envelope[], leaseMs: number): Promise<void> {
    await this.#inParts(envelopes, async (part) => {
      const names = part.map(({ lane }) => this.keys.leased(lane))
      await this.scripts.run(poolRenewScript, names, [leaseMs, ...part.map(({ id }) => id)])
    })
  }

  consume(lane: Lane): PoolConsumer {
    return { next: async (max, signal) => this.#next(lane, max, signal) }
  }

  async #next(lane: Lane, max: number, signal: AbortSignal): Promise<readonly Envelope[]> {
    while (!this.#closed && !signal.aborted) {
      const { envelopes, nextMs } = await this.#take(lane, max)
      if (envelopes.length > 0) {
        if (!signal.aborted && !this.#closed) return envelopes
        await this.#renew(envelopes, 0)
        return []
      }
      const waitMs = nextMs < 0 ? this.timing.askMs : Math.min(nextMs + 1, this.timing.askMs)
      await this.#pause(waitMs, signal)
    }
    return []
  }

  /** Until the time is over, something was pushed here, or nobody waits any more. */
  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel()
        this.#wakes.delete(end)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const cancel = this.clock.setTimer(ms, end)
      this.#wakes.add(end)
      signal.addEventListener('abort', end, { once: true })
      if (signal.aborted || this.#closed) end()
    })
  }

  async #take(lane: Lane, max: number): Promise<{ readonly envelopes: readonly Envelope[]; readonly nextMs: number }> {
    const { all, leased, shares, turn } = {
      all: this.keys.all,
      leased: this.keys.leased(lane),
      shares: this.keys.shares(lane),
      turn: this.keys.turn(lane),
    }
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const known = this.#shares.get(lane) ?? []
      const names = [all, leased, shares, turn, ...known.map((tenant) => this.keys.waiting(lane, tenant))]
      const args = [Math.min(max, atOnce), this.timing.leaseMs, ...known]
      const [status, found, nextMs] = list(await this.scripts.run(poolTakeScript, names, args))
      if (text(status) === 'taken') {
        return { envelopes: list(found).map((one) => JSON.parse(text(one)) as Envelope), nextMs: whole(nextMs) }
      }
      this.#shares.set(lane, list(found).map(text))
    }
    return { envelopes: [], nextMs: 0 }
  }

  async depth(): Promise<readonly PoolDepth[]> {
    return (await Promise.all(lanes.map(async (lane) => this.#depthOf(lane)))).flat()
  }

  async #depthOf(lane: Lane): Promise<readonly PoolDepth[]> {
    const tenants = list(await this.scripts.command('zrange', this.keys.shares(lane), 0, -1)).map(text)
    const names = [this.keys.all, this.keys.leased(lane), ...tenants.map((tenant) => this.keys.waiting(lane, tenant))]
    const [waiting, leased] = list(await this.scripts.run(poolDepthScript, names, []))
    const holders = list(leased)
      .map(text)
      .filter((one) => one !== '')
      .map((one) => (JSON.parse(one) as Envelope).tenant)
    return list(waiting).flatMap((reply, index) => {
      const tenant = tenants[index] ?? ''
      const [count, oldest] = list(reply)
      const own = holders.filter((holder) => holder === tenant).length
      if (count === 0 && own === 0) return []
      const oldestDue = text(oldest) === '' ? undefined : whole(oldest)
      return [{ lane, tenant, waiting: whole(count), leased: own, oldestDue }]
    })
  }

  async #inParts(envelopes: readonly Envelope[], work: (part: readonly Envelope[]) => Promise<void>): Promise<void> {
    for (let at = 0; at < envelopes.length; at += atOnce) await work(envelopes.slice(at, at + atOnce))
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const wake of this.#wakes) wake()
  }
}
