import { channelOf } from '@reachkit/core/spec'
import { AddressProof, createHttpDriver } from '@reachkit/driver-kit'
import type { WechatChannel } from '../channels.js'
import type { OfficialAccountMessage } from '../content/wechat-content.js'
import { wechatFields } from '../driver-fields.js'
import { sendToOpenid, type WechatRequest } from '../send-to-openid.js'
import { appTokens } from '../token/app-token.js'
import { type OfficialAccountOptions, resolveOfficialAccountOptions } from './official-account-options.js'

/**
 * Template messages of an official account to its followers, by "Send a template message" (sendTemplateMessage,
 * https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage). One call an attempt, and the
 * access token of all processes. What each code means is in `judgeWechat`.
 *
 * The idempotency key goes along as client_msg_id: WeChat drops a second message with it for 10 minutes and promises
 * nothing after that, so the driver does not claim to deduplicate. The id of a sent message is its msgid, which the event
 * TEMPLATESENDJOBFINISH names.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function officialAccount(options: OfficialAccountOptions): WechatChannel<'officialAccount'> {
  const settings = resolveOfficialAccountOptions(options)
  const sending = {
    kind: 'officialAccount',
    settings,
    tokens: appTokens(settings),
    proof: new AddressProof(),
    path: '/cgi-bin/message/template/send',
    fields: fieldsOf,
  } as const
  return channelOf(
    createHttpDriver({
      fields: wechatFields,
      settings,
      templated: 'officialAccount',
      deliver: async (request, call, context) => sendToOpenid(sending, request, call, context),
    }),
  )
}

function fieldsOf({ url, miniProgram }: OfficialAccountMessage, { idempotencyKey }: WechatRequest) {
  return {
    ...(url !== undefined && { url }),
    ...(miniProgram !== undefined && { miniprogram: { appid: miniProgram.appId, pagepath: miniProgram.page } }),
    client_msg_id: idempotencyKey,
  }
}
