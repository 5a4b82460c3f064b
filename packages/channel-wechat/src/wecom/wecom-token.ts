import { type AccessTokens, createAccessTokens, numberAt, queryText, textAt } from '@reachkit/driver-kit'
import { noTokenIn } from '../token/no-token.js'
import type { WecomSettings } from './wecom-options.js'

/**
 * The access token of an app, by "Get access_token" (https://developer.work.weixin.qq.com/document/path/91039). Each app has
 * one of its own; asking again answers the same one while it is valid, and another one where WeCom has ended it early.
 */
export function wecomTokens({ endpoint, corpId, agentId, secret }: WecomSettings): AccessTokens {
  return createAccessTokens({
    vendor: 'wecom',
    identity: [corpId, String(agentId)],
    async fetchToken(call) {
      const query = queryText({ corpid: corpId, corpsecret: await secret() })
      const answer = await call({ method: 'GET', url: `${endpoint}/cgi-bin/gettoken?${query}` })
      const token = textAt(answer.json, 'access_token')
      const seconds = numberAt(answer.json, 'expires_in')
      if (token !== undefined && seconds !== undefined) return { token, expiresInMs: seconds * 1_000 }
      throw noTokenIn(answer, 'wecom')
    },
  })
}
