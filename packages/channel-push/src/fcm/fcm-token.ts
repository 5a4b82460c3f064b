import { type DeliveryContext, NotSentError } from '@reachkit/core/spec'
import {
  type Call,
  formRequest,
  type FreshToken,
  type HttpAnswer,
  laterMs,
  numberAt,
  textAt,
} from '@reachkit/driver-kit'
import { signJwt } from '../jwt/sign-jwt.js'
import type { FcmSettings } from './fcm-options.js'

const scope = 'https://www.googleapis.com/auth/firebase.messaging'
const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** An access token of the service account (Google, "Using OAuth 2.0 for Server to Server Applications"; RFC 7523). */
export async function fetchFcmToken(
  { clientEmail, privateKey, keyId, tokenUri }: FcmSettings,
  call: Call,
  { clock }: DeliveryContext,
): Promise<FreshToken> {
  const iat = Math.floor(clock.now() / 1_000)
  const claims = { iss: clientEmail, scope, aud: tokenUri, iat, exp: iat + 3_600 }
  const assertion = signJwt({ alg: 'RS256', keyId, claims }, await privateKey())
  const answer = await call(formRequest(tokenUri, { grant_type: grant, assertion }))
  const token = textAt(answer.json, 'access_token')
  const seconds = numberAt(answer.json, 'expires_in')
  if (!answer.ok || token === undefined || seconds === undefined) throw noTokenIn(answer)
  return { token, expiresInMs: seconds * 1_000 }
}

/** RFC 6749, 5.2: `invalid_grant` and its like speak of the account; a throttle and a fault of the server do not. */
function noTokenIn({ status, json }: HttpAnswer): NotSentError {
  const error = textAt(json, 'error')
  const reason = error !== undefined && /^[a-z_]{1,40}$/.test(error) ? error : `http ${status}`
  const isOfAccount = status >= 400 && status < 500 && status !== 408 && status !== 429
  return new NotSentError(reason, isOfAccount ? { afterMs: laterMs } : {})
}
