import { createHash } from 'node:crypto'
import { type DeliveryContext, type DeliveryOutcome, isNotSentError, NotSentError } from '@reachkit/core/spec'
import type { Call } from '../driver/http-driver.js'
import { failureCode } from '../http/failure-code.js'
import { tokenRefused } from '../outcome/token-refused.js'
import { endsWith, pause } from './pause.js'
import { readToken, type StoredToken, writeToken } from './stored-token.js'

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
   * Asks the vendor for a token. Whatever it throws means that nothing was sent. `refused` is the token that the vendor
   * did not take: some vendors answer the same one again unless they are told to replace it.
   */
  fetchToken(call: Call, context: DeliveryContext, refused?: string): Promise<FreshToken>
  /** How long before its end a token is renewed; a tenth of its life unless told, 5 minutes at most. */
  readonly renewBeforeMs?: number
  /** How long a refresher may take before another one takes over; 15,000 unless told. */
  readonly leaseMs?: number
}

/** An access token that all processes share. */
export interface AccessTokens {
  /**
   * Runs an attempt with the token. Where it answers `tokenRefused` (a code of the verdict `token`), the token is
   * replaced and the attempt made once more.
   */
  use(
    context: DeliveryContext,
    call: Call,
    attempt: (token: string) => Promise<DeliveryOutcome>,
  ): Promise<DeliveryOutcome>
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
  #known: StoredToken | undefined
  #refreshing: Promise<StoredToken> | undefined
  #failedUntil = 0

  constructor(options: AccessTokenOptions) {
    this.#options = options
    const digest = createHash('sha256').update(JSON.stringify(options.identity)).digest('hex').slice(0, 32)
    this.#key = `access-token/${options.vendor}/${digest}`
  }

  async use(
    context: DeliveryContext,
    call: Call,
    attempt: (token: string) => Promise<DeliveryOutcome>,
  ): Promise<DeliveryOutcome> {
    const token = await this.#token(context, call, undefined)
    const outcome = await attempt(token)
    if (outcome !== tokenRefused) return outcome
    const other = await this.#token(context, call, token)
    return other === token ? outcome : attempt(other)
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
    if (context.clock.monotonic() < this.#failedUntil)
      return Promise.reject(new NotSentError(`${this.#options.vendor} no access token`, { afterMs: failurePauseMs }))
    this.#refreshing ??= this.#renewed(context, call, refused).finally(() => (this.#refreshing = undefined))
    return this.#refreshing
  }

  async #renewed(context: DeliveryContext, call: Call, refused: string | undefined): Promise<StoredToken> {
    try {
      this.#known = await this.#shared(context, call, refused)
      return this.#known
    } catch (error) {
      if (!context.signal.aborted) this.#failedUntil = context.clock.monotonic() + failurePauseMs
      const why = isNotSentError(error) && error instanceof Error ? error.message : failureCode(error)
      throw new NotSentError(`${this.#options.vendor} no access token: ${why}`)
    }
  }

  /** What another process has renewed, or what this one renews. */
  async #shared(context: DeliveryContext, call: Call, refused: string | undefined): Promise<StoredToken> {
    const { state, clock, signal } = context
    for (;;) {
      if (signal.aborted) throw new NotSentError('aborted')
      const { stored } = await readToken(state, this.#key)
      const usable = stored !== undefined && stored.token !== refused
      if (usable && clock.now() < stored.renewAt) return stored
      const lease = await this.#lease(context)
      if (lease !== undefined) return this.#fetched(context, call, refused, lease)
      if (usable && clock.now() < stored.expiresAt) return stored
      await pause(clock, signal, pollMs)
    }
  }

  /** Undefined where another process is renewing. */
  async #lease({ state, clock }: DeliveryContext): Promise<{ readonly until: number } | undefined> {
    const { leaseMs = 15_000 } = this.#options
    const until = clock.monotonic() + leaseMs
    const [answer] = await state.remember([{ key: `${this.#key}/lease`, value: 'renewing', ttlMs: leaseMs }])
    return answer?.first === true ? { until } : undefined
  }

  async #fetched(
    context: DeliveryContext,
    call: Call,
    refused: string | undefined,
    lease: { readonly until: number },
  ): Promise<StoredToken> {
    const { state, clock } = context
    try {
      // Another process may have renewed it, and given the lease back, since it was last read.
      const { stored: renewed, version } = await readToken(state, this.#key)
      if (renewed !== undefined && renewed.token !== refused && clock.now() < renewed.renewAt) return renewed
      const { token, expiresInMs } = await this.#options.fetchToken(call, context, refused)
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
