import { createHash } from 'node:crypto'
import type { DeliveryContext } from '@reachkit/core/spec'
import {
  type AccessTokens,
  type Call,
  createAccessTokens,
  type FreshToken,
  jsonRequest,
  numberAt,
  textAt,
} from '@reachkit/driver-kit'
import type { AppSettings } from '../app-options.js'
import { noTokenIn } from './no-token.js'

/**
 * WeChat replaces a valid token only when it is forced to, 20 times a day at most, so it is forced once in two hours: a
 * token lives no longer.
 */
const forcedOnceInMs = 2 * 60 * 60_000

/**
 * The access token of an app, by "Get a stable access token" (getStableAccessToken,
 * https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken). Asking again answers the same token
 * until 5 minutes before its end. So the one that was refused before its time comes again, unless another system has replaced
 * it; then it is replaced by force.
 */
export function appTokens(settings: AppSettings): AccessTokens {
  return createAccessTokens({
    vendor: 'wechat',
    identity: [settings.appId],
    async fetchToken(call, context, refused) {
      const fresh = await stableToken(settings, call, false)
      if (fresh.token !== refused || !(await mayForce(settings, context))) return fresh
      return stableToken(settings, call, true)
    },
  })
}

async function stableToken(
  { endpoint, appId, appSecret }: AppSettings,
  call: Call,
  force: boolean,
): Promise<FreshToken> {
  const answer = await call(
    jsonRequest(`${endpoint}/cgi-bin/stable_token`, {
      grant_type: 'client_credential',
      appid: appId,
      secret: await appSecret(),
      force_refresh: force,
    }),
  )
  const token = textAt(answer.json, 'access_token')
  const seconds = numberAt(answer.json, 'expires_in')
  if (token !== undefined && seconds !== undefined) return { token, expiresInMs: seconds * 1_000 }
  throw noTokenIn(answer, 'wechat')
}

async function mayForce({ appId }: AppSettings, { state }: DeliveryContext): Promise<boolean> {
  const digest = createHash('sha256').update(appId).digest('hex').slice(0, 32)
  const [answer] = await state.remember([
    { key: `access-token/wechat/${digest}/forced`, value: 'forced', ttlMs: forcedOnceInMs },
  ])
  return answer?.first === true
}
