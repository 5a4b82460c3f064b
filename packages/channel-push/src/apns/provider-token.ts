import type { Clock } from '@reachkit/core/spec'
import { signJwt } from '../jwt/sign-jwt.js'
import type { ApnsSettings } from './apns-options.js'

/** Apple, "Establishing a token-based connection to APNs": not more than once in 20 minutes, and at least once in 60. */
const renewAfterMs = 40 * 60_000
const leastMs = 20 * 60_000
/** How often the function for the key is asked again at most, where APNs does not take what it answered. */
const askAgainMs = 60_000

interface Token {
  readonly jwt: Promise<string>
  readonly madeAt: number
}

/** The token of this process: APNs refuses one that is over an hour old, and whoever changes it too often. */
export class ProviderToken {
  readonly #settings: Pick<ApnsSettings, 'key' | 'teamId'>
  #token: Token | undefined

  constructor(settings: Pick<ApnsSettings, 'key' | 'teamId'>) {
    this.#settings = settings
  }

  async current(clock: Clock): Promise<string> {
    const now = clock.now()
    const known = this.#token
    if (known !== undefined && now - known.madeAt < renewAfterMs) return known.jwt
    const token = { jwt: this.#signed(now), madeAt: now }
    this.#token = token
    token.jwt.catch(() => {
      if (this.#token === token) this.#token = undefined
    })
    return token.jwt
  }

  /** A new one in place of one that was refused as too old; undefined where that one is younger than 20 minutes. */
  async replaced(refused: string, clock: Clock): Promise<string | undefined> {
    const known = this.#token
    const current = await known?.jwt
    if (known !== undefined && current === refused) {
      if (clock.now() - known.madeAt < leastMs) return undefined
      if (this.#token === known) this.#token = undefined
    }
    return this.current(clock)
  }

  /** Forgets one that was refused as invalid: the key may have been replaced, and the next message asks for it again. */
  async invalid(refused: string, clock: Clock): Promise<void> {
    const known = this.#token
    if (known === undefined || clock.now() - known.madeAt < askAgainMs) return
    if ((await known.jwt) === refused && this.#token === known) this.#token = undefined
  }

  async #signed(now: number): Promise<string> {
    const { key, teamId } = this.#settings
    const { keyId, privateKey } = await key()
    return signJwt({ alg: 'ES256', keyId, claims: { iss: teamId, iat: Math.floor(now / 1_000) } }, privateKey)
  }
}
