import { createHash } from 'node:crypto'
import { type DeliveryContext, NotSentError } from '@reachkit/core/spec'
import type { Call } from '../driver/http-driver.js'
import type { AccessTokenOptions } from './access-token-options.js'
import { endsWith, pause } from './pause.js'
import { isYoung, readToken, type StoredToken, writeToken } from './stored-token.js'
import { TimeLimit } from './time-limit.js'
import { TokenLease } from './token-lease.js'

/** What one renewal goes by. */
export interface Renewal {
  readonly context: DeliveryContext
  readonly call: Call
  /** The token that the vendor did not take. */
  readonly refused: string | undefined
}

const pollMs = 50

/** Renews a token for all processes: one of them asks the vendor, under a lease. */
export class TokenRenewal {
  readonly #options: AccessTokenOptions
  readonly #key: string
  readonly #leaseMs: number

  constructor(options: AccessTokenOptions) {
    this.#options = options
    this.#leaseMs = options.leaseMs ?? 15_000
    const digest = createHash('sha256').update(JSON.stringify(options.identity)).digest('hex').slice(0, 32)
    this.#key = `access-token/${options.vendor}/${digest}`
  }

  /**
   * The token that another process has renewed, or that this one renews; the refused one itself where it is too young to be
   * replaced.
   *
   * Under a time limit of its own, for the attempt that began it may end long before those that wait for it too: time for
   * the lease of another process to run out, and from the own lease on as long as that lasts.
   */
  async run(renewal: Renewal): Promise<StoredToken> {
    const limit = new TimeLimit(renewal.context.clock, 2 * this.#leaseMs)
    try {
      return await endsWith(limit.signal, this.#shared(renewal, limit))
    } finally {
      limit.end()
    }
  }

  async #shared(renewal: Renewal, limit: TimeLimit): Promise<StoredToken> {
    const { context, refused } = renewal
    const { state, clock } = context
    for (;;) {
      if (limit.signal.aborted) throw new NotSentError('aborted')
      const { stored } = await readToken(state, this.#key)
      if (stored !== undefined && isFresh(stored, refused, clock.now())) return stored
      const lease = await TokenLease.take(context, `${this.#key}/lease`, this.#leaseMs)
      if (lease !== undefined) return this.#underLease(renewal, lease, limit)
      if (stored !== undefined && stored.token !== refused && clock.now() < stored.expiresAt) return stored
      await pause(clock, limit.signal, pollMs)
    }
  }

  async #underLease(renewal: Renewal, lease: TokenLease, limit: TimeLimit): Promise<StoredToken> {
    const { context, refused } = renewal
    limit.set(lease.leftMs())
    try {
      // Another process may have renewed it, and given the lease back, since it was last read.
      const { stored, version } = await readToken(context.state, this.#key)
      if (stored !== undefined && isFresh(stored, refused, context.clock.now())) return stored
      return await writeToken(context.state, this.#key, await this.#fetched(renewal, limit.signal), version)
    } finally {
      await lease.giveBack()
    }
  }

  async #fetched({ context, call, refused }: Renewal, signal: AbortSignal): Promise<StoredToken> {
    const { clock } = context
    const callInTime: Call = async (request) => call(request, signal)
    const fetching = this.#options.fetchToken(callInTime, withSignal(context, signal), refused)
    // A token that comes too late is not stored: another process has asked since, and vendors end the older of two.
    const { token, expiresInMs } = await endsWith(signal, fetching)
    const { renewBeforeMs = Math.min(expiresInMs / 10, 5 * 60_000) } = this.#options
    const fetchedAt = clock.now()
    const expiresAt = fetchedAt + expiresInMs
    return { token, fetchedAt, expiresAt, renewAt: expiresAt - renewBeforeMs }
  }
}

/** True where there is nothing to renew: another token than the refused one, or one that may not be replaced yet. */
function isFresh(stored: StoredToken, refused: string | undefined, now: number): boolean {
  return stored.token === refused ? isYoung(stored, now) : now < stored.renewAt
}

/** Field by field: what core hands in reads its fields from itself. */
function withSignal(context: DeliveryContext, signal: AbortSignal): DeliveryContext {
  const { deadline, fetch, clock, random, logger, state } = context
  return { signal, deadline, fetch, clock, random, logger, state, report: (event) => context.report(event) }
}
