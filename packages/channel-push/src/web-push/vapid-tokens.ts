import { type Clock, NotSentError } from '@reachkit/core/spec'
import webpush from 'web-push'
import type { WebPushSettings } from './web-push-options.js'

interface Token {
  readonly header: Promise<string>
  readonly madeAt: number
  readonly renewAt: number
}

/** RFC 8292, 2: a token ends within 24 hours. */
const lifeMs = 12 * 60 * 60_000
const renewBeforeMs = 60 * 60_000
/** Push services are few. More origins than that were made up by somebody. */
const mostOrigins = 1_000
/** How long a token is kept that a push service refused: a rotated key is read soon, and no flood of refusals signs one each. */
const refusedMs = 10_000

/**
 * The Authorization headers of VAPID (RFC 8292), one for each push service. A token names its push service and nothing of the
 * message, and signing it is two thirds of what a push costs: so each is kept, and renewed an hour before its end.
 */
export class VapidTokens {
  readonly #settings: WebPushSettings
  readonly #tokens = new Map<string, Token>()

  constructor(settings: WebPushSettings) {
    this.#settings = settings
  }

  async header(origin: string, clock: Clock): Promise<string> {
    const now = clock.now()
    const known = this.#tokens.get(origin)
    if (known !== undefined && now < known.renewAt) return known.header
    const header = this.#signed(origin, now)
    this.#keep(origin, { header, madeAt: now, renewAt: now + lifeMs - renewBeforeMs })
    header.catch(() => this.#tokens.delete(origin))
    return header
  }

  /** The push service did not take the token: the next message has a new one. */
  refused(origin: string, clock: Clock): void {
    const known = this.#tokens.get(origin)
    if (known !== undefined && clock.now() - known.madeAt > refusedMs) this.#tokens.delete(origin)
  }

  async #signed(origin: string, now: number): Promise<string> {
    const { subject, publicKey, privateKey } = this.#settings
    const secret = await privateKey()
    try {
      const expires = Math.floor((now + lifeMs) / 1_000)
      return webpush.getVapidHeaders(origin, subject, publicKey, secret, 'aes128gcm', expires).Authorization
    } catch {
      throw new NotSentError('the function for privateKey answered no VAPID key')
    }
  }

  #keep(origin: string, token: Token): void {
    this.#tokens.delete(origin)
    this.#tokens.set(origin, token)
    const [oldest] = this.#tokens.keys()
    if (this.#tokens.size > mostOrigins && oldest !== undefined) this.#tokens.delete(oldest)
  }
}
