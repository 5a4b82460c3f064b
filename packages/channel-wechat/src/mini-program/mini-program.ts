import { channelOf } from '@reachkit/core/spec'
import { AddressProof, createHttpDriver } from '@reachkit/driver-kit'
import type { WechatChannel } from '../channels.js'
import type { MiniProgramMessage } from '../content/wechat-content.js'
import { wechatFields } from '../driver-fields.js'
import { sendToOpenid } from '../send-to-openid.js'
import { appTokens } from '../token/app-token.js'
import { type MiniProgramOptions, resolveMiniProgramOptions } from './mini-program-options.js'

/**
 * Subscribe messages of a mini-program to those who allowed them, by "Send a subscribe message" (subscribeMessage.send,
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html).
 * One call an attempt, and the access token of all processes. WeChat does not deduplicate. What each code means is in
 * `judgeWechat`. The id of a sent message is its msgid.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function miniProgram(options: MiniProgramOptions): WechatChannel<'miniProgram'> {
  const settings = resolveMiniProgramOptions(options)
  const { state, language } = settings
  const sending = {
    kind: 'miniProgram',
    settings,
    tokens: appTokens(settings),
    proof: new AddressProof(),
    path: '/cgi-bin/message/subscribe/send',
    fields: ({ page }: MiniProgramMessage) => ({
      ...(page !== undefined && { page }),
      miniprogram_state: state,
      lang: language,
    }),
  } as const
  return channelOf(
    createHttpDriver({
      fields: wechatFields,
      settings,
      templated: 'miniProgram',
      deliver: async (request, call, context) => sendToOpenid(sending, request, call, context),
    }),
  )
}
