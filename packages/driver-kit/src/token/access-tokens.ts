import type { DeliveryContext, DeliveryOutcome } from '@reachkit/core/spec'
import type { Call } from '../driver/http-driver.js'
import { accountFault, tellOfFault } from '../outcome/account-fault.js'
import { laterMs } from '../outcome/outcome-table.js'
import { tokenRefused } from '../outcome/token-refused.js'
import type { AccessTokenOptions } from './access-token-options.js'
import { noToken, NoTokenError } from './no-token-error.js'
import { endsWith } from './pause.js'
import { isYoung, leastAgeMs, type StoredToken } from './stored-token.js'
import { type Renewal, TokenRenewal } from './token-renewal.js'

/** An access token that all processes share. */
export interface AccessTokens {
  /**
   * Runs an attempt with the token. Where it answers `tokenRefused` (a code of the verdict `token`), the token is
   * replaced and the attempt made once more. A token that was asked for less than 30 seconds ago is not replaced: whatever
   * refuses it refuses the next one too, so the account is at fault, and the message is tried again in 5 minutes. Where
   * there is no token, or a fresh one is refused, the message of `messageId` is told to the app by a warning.
   */
  use(
    context: DeliveryContext,
    call: Call,
    attempt: (token: string) => Promise<DeliveryOutcome>,
    messageId?: string,
  ): Promise<DeliveryOutcome>
}

/** How long nobody in this process asks again after a refresh that failed; where the account is at fault, `leastAgeMs`. */
const failurePauseMs = 1_000

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
  readonly #vendor: string
  readonly #renewal: TokenRenewal
  #known: StoredToken | undefined
  #refreshing: Promise<StoredToken> | undefined
  #failure: { readonly error: NoTokenError; readonly until: number } | undefined

  constructor(options: AccessTokenOptions) {
    this.#vendor = options.vendor
    this.#renewal = new TokenRenewal(options)
  }

  async use(
    context: DeliveryContext,
    call: Call,
    attempt: (token: string) => Promise<DeliveryOutcome>,
    messageId?: string,
  ): Promise<DeliveryOutcome> {
    const token = await this.#tokenOrWarning({ context, call, refused: undefined }, messageId)
    const outcome = await attempt(token)
    if (outcome !== tokenRefused) return outcome
    const other = await this.#tokenOrWarning({ context, call, refused: token }, messageId)
    const again = other === token ? outcome : await attempt(other)
    if (again !== tokenRefused) return again
    const fault = accountFault(laterMs, `${this.#vendor} ${tokenRefused.reason}`)
    return messageId === undefined ? fault : tellOfFault(fault, { id: messageId }, context)
  }

  async #tokenOrWarning(renewal: Renewal, messageId: string | undefined): Promise<string> {
    try {
      return await this.#token(renewal)
    } catch (error) {
      // Not where the attempt has ended: then another one may well get the token.
      if (messageId !== undefined && error instanceof NoTokenError)
        renewal.context.report({ kind: 'warning', messageId, reason: error.message })
      throw error
    }
  }

  /** The token, another one than the one that was refused; that one itself where it is too young to be replaced. */
  async #token(renewal: Renewal): Promise<string> {
    const { context, refused } = renewal
    const known = this.#known
    const now = context.clock.now()
    if (known !== undefined && known.token === refused && isYoung(known, now)) return known.token
    if (known !== undefined && known.token !== refused) {
      if (now < known.renewAt) return known.token
      if (now < known.expiresAt) {
        // Still valid: whoever is first renews it, and nobody waits.
        this.#refresh(renewal).catch(() => {})
        return known.token
      }
    }
    const fresh = await endsWith(context.signal, this.#refresh(renewal))
    return fresh.token
  }

  /** One refresh at a time in this process. */
  #refresh(renewal: Renewal): Promise<StoredToken> {
    if (this.#failure !== undefined && renewal.context.clock.monotonic() < this.#failure.until)
      return Promise.reject(this.#failure.error)
    this.#refreshing ??= this.#renewed(renewal).finally(() => (this.#refreshing = undefined))
    return this.#refreshing
  }

  async #renewed(renewal: Renewal): Promise<StoredToken> {
    const { clock } = renewal.context
    try {
      this.#known = await this.#renewal.run(renewal)
      return this.#known
    } catch (thrown) {
      const error = noToken(this.#vendor, thrown)
      const isOfAccount = (error.afterMs ?? 0) >= laterMs
      this.#failure = { error, until: clock.monotonic() + (isOfAccount ? leastAgeMs : failurePauseMs) }
      throw error
    }
  }
}
