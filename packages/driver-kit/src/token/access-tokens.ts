import { createHash } from 'node:crypto'
import { type DeliveryContext, type DeliveryOutcome, NotSentError } from '@reachkit/core/spec'
import type { Call } from '../driver/http-driver.js'
import { tokenRefused } from '../outcome/token-refused.js'
import { noToken, NoTokenError } from './no-token-error.js'
import { endsWith, pause } from './pause.js'
import { readToken, type StoredToken, writeToken } from './stored-token.js'
import { TimeLimit } from './time-limit.js'

/** A token as the vendor gave it. */
export interface FreshToken {
  readonly token: string
  readonly expiresInMs: number
}

export interface AccessTokenOptions {
  /** Opens keys and reasons: the provider's kind, such as `wechat`. */
  readonly vendor: string
  /** What the token belongs to: app id, account, scope. Only its digest is stored. */
  readonly identity: readonly string[]
  /**
   * Asks the vendor for a token. Whatever it throws means that nothing was sent, and that the message is tried again in 30
   * seconds; a `NotSentError` may say another time: `laterMs` where the account or its keys are at fault. `refused` is the token that the vendor
   * did not take: some vendors answer the same one again unless they are told to replace it.
   */
  fetchToken(call: Call, context: DeliveryContext, refused?: string): Promise<FreshToken>
  /** How long before its end a token is renewed; a tenth of its life unless told, 5 minutes at most. */
  readonly renewBeforeMs?: number
  /** How long a refresher may take: then it ends, and another one takes over. 15,000 unless told. */
  readonly leaseMs?: number
}

/** An access token that all processes share. */
export interface AccessTokens {
  /**
   * Runs an attempt with the token. Where it answers `tokenRefused` (a code of the verdict `token`), the token is
   * replaced and the attempt made once more. Where there is no token, the message of `messageId` is told to the app by a
   * warning.
   */
  use(
    context: DeliveryContext,
    call: Call,
    attempt: (token: string) => Promise<DeliveryOutcome>,
    messageId?: string,
  ): Promise<DeliveryOutcome>
}

/** What one refresh goes by. */
interface Refresh {
  readonly context: DeliveryContext
  readonly call: Call
  readonly refused: string | undefined
  readonly limit: TimeLimit
}

interface Lease {
  /** By the monotonic clock. */
  readonly until: number
}

/** How long nobody in this process asks again after a refresh that failed. */
const failurePauseMs = 1_000
const pollMs = 50

/**
 * Keeps the access token of a vendor in the state that all processes share. One of them renews it, early, under a lease;
 * the others go on with the one they have as long as that is valid, and wait, no longer than their attempt may take,
 * where there is none. The vendor is asked once more where a token is refused before its time.
 *
 * The token stands in the state as plain text: whoever can read the store can use it until it expires.
 */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  return new SharedToken(options)
}

class SharedToken implements AccessTokens {
  readonly #options: AccessTokenOptions
  readonly #key: string
  readonly #leaseMs: number
  #known: StoredToken | undefined
  #refreshing: Promise<StoredToken> | undefined
  #failure: { readonly error: NoTokenError; readonly until: number } | undefined

  constructor(options: AccessTokenOptions) {
    this.#options = options
    this.#leaseMs = options.leaseMs ?? 15_000
    const digest = createHash('sha256').update(JSON.stringify(options.identity)).digest('hex').slice(0, 32)
    this.#key = `access-token/${options.vendor}/${digest}`
  }

  async use(
    context: DeliveryContext,
    call: Call,
    attempt: (token: string) => Promise<DeliveryOutcome>,
    messageId?: string,
  ): Promise<DeliveryOutcome> {
    const token = await this.#tokenOrWarning(context, call, undefined, messageId)
    const outcome = await attempt(token)
    if (outcome !== tokenRefused) return outcome
    const other = await this.#tokenOrWarning(context, call, token, messageId)
    return other === token ? outcome : attempt(other)
  }

  async #tokenOrWarning(
    context: DeliveryContext,
    call: Call,
    refused: string | undefined,
    messageId: string | undefined,
  ): Promise<string> {
    try {
      return await this.#token(context, call, refused)
    } catch (error) {
      // Not where the attempt has ended: then another one may well get the token.
      if (messageId !== undefined && error instanceof NoTokenError)
        context.report({ kind: 'warning', messageId, reason: error.message })
      throw error
    }
  }

  /** The token, another one than the one that was refused. */
  async #token(context: DeliveryContext, call: Call, refused: string | undefined): Promise<string> {
    const known = this.#known
    const now = context.clock.now()
    if (known !== undefined && known.token !== refused) {
      if (now < known.renewAt) return known.token
      if (now < known.expiresAt) {
        // Still valid: whoever is first renews it, and nobody waits.
        this.#refresh(context, call, refused).catch(() => {})
        return known.token
      }
    }
    const fresh = await endsWith(context.signal, this.#refresh(context, call, refused))
    return fresh.token
  }

  /** One refresh at a time in this process. */
  #refresh(context: DeliveryContext, call: Call, refused: string | undefined): Promise<StoredToken> {
    if (this.#failure !== undefined && context.clock.monotonic() < this.#failure.until)
      return Promise.reject(this.#failure.error)
    this.#refreshing ??= this.#renewed(context, call, refused).finally(() => (this.#refreshing = undefined))
    return this.#refreshing
  }

  /**
   * Under a time limit of its own, for the attempt that began it may end long before those that wait for it too: time for
   * the lease of another process to run out, and from the own lease on as long as that lasts.
   */
  async #renewed(context: DeliveryContext, call: Call, refused: string | undefined): Promise<StoredToken> {
    const { clock } = context
    const limit = new TimeLimit(clock, 2 * this.#leaseMs)
    try {
      this.#known = await endsWith(limit.signal, this.#shared({ context, call, refused, limit }))
      return this.#known
    } catch (error) {
      const failure = { error: noToken(this.#options.vendor, error), until: clock.monotonic() + failurePauseMs }
      this.#failure = failure
      throw failure.error
    } finally {
      limit.end()
    }
  }

  /** What another process has renewed, or what this one renews. */
  async #shared(refresh: Refresh): Promise<StoredToken> {
    const { context, refused, limit } = refresh
    const { state, clock } = context
    for (;;) {
      if (limit.signal.aborted) throw new NotSentError('aborted')
      const { stored } = await readToken(state, this.#key)
      const usable = stored !== undefined && stored.token !== refused
      if (usable && clock.now() < stored.renewAt) return stored
      const lease = await this.#lease(context)
      if (lease !== undefined) return this.#fetched(refresh, lease)
      if (usable && clock.now() < stored.expiresAt) return stored
      await pause(clock, limit.signal, pollMs)
    }
  }

  /** Undefined where another process is renewing. */
  async #lease({ state, clock }: DeliveryContext): Promise<Lease | undefined> {
    const until = clock.monotonic() + this.#leaseMs
    const [answer] = await state.remember([{ key: `${this.#key}/lease`, value: 'renewing', ttlMs: this.#leaseMs }])
    return answer?.first === true ? { until } : undefined
  }

  async #fetched({ context, call, refused, limit }: Refresh, lease: Lease): Promise<StoredToken> {
    const { state, clock } = context
    const { signal } = limit
    limit.set(lease.until - clock.monotonic())
    try {
      // Another process may have renewed it, and given the lease back, since it was last read.
      const { stored: renewed, version } = await readToken(state, this.#key)
      if (renewed !== undefined && renewed.token !== refused && clock.now() < renewed.renewAt) return renewed
      const callInTime: Call = async (request) => call(request, signal)
      const fetching = this.#options.fetchToken(callInTime, withSignal(context, signal), refused)
      // A token that comes too late is not stored: another process has asked since, and vendors end the older of two.
      const { token, expiresInMs } = await endsWith(signal, fetching)
      const { renewBeforeMs = Math.min(expiresInMs / 10, 5 * 60_000) } = this.#options
      const expiresAt = clock.now() + expiresInMs
      const stored = { token, expiresAt, renewAt: expiresAt - renewBeforeMs }
      return await writeToken(state, this.#key, stored, version)
    } finally {
      // A lease that ran out may be another's by now.
      if (clock.monotonic() < lease.until) await state.forget([`${this.#key}/lease`])
    }
  }
}

/** Field by field: what core hands in reads its fields from itself. */
function withSignal(context: DeliveryContext, signal: AbortSignal): DeliveryContext {
  const { deadline, fetch, clock, random, logger, state } = context
  return { signal, deadline, fetch, clock, random, logger, state, report: (event) => context.report(event) }
}
