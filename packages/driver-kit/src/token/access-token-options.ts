import type { DeliveryContext } from '@reachkit/core/spec'
import type { Call } from '../driver/http-driver.js'

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
