import { createJudge, type Judge } from './judge.js'

/**
 * What a code of official accounts and mini-programs means. One that is not listed refuses this message; those of the token's
 * endpoint are in `noTokenIn`. WeChat's pages of the two calls list few, so most are of its global lists:
 * - "Send a template message" (https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage)
 * - "Send a subscribe message" (https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html)
 * - "Global return codes" (https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html) and
 *   "Return codes of the open platform" (https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html),
 *   both read in the copy that WxJava keeps (https://github.com/binarywang/WxJava, `WxMpErrorMsgEnum`, `WxOpenErrorMsgEnum`).
 *
 * Those marked `reported` stand in no document: developers were answered so (https://developers.weixin.qq.com/community).
 *
 * A template that is missing, disabled or of another kind is the account's fault: it refuses every message of its type until
 * a person has repaired it.
 */
export const judgeWechat: Judge = createJudge({
  vendor: 'wechat',
  document: 'WeChat, "Send a template message", "Send a subscribe message" and "Global return codes"',
  codes: {
    '-1': 'retry', // the system is busy
    '40001': 'token', // the access token is wrong, or not the newest one
    '40014': 'token', // not an access token
    '41001': 'token', // no access token
    '42001': 'token', // the access token has expired
    '40003': 'invalid-address', // not an openid of this app: see `AddressProof`
    '40013': 'account', // wrong appid, or one of a mini-program that is not bound
    '40036': 'account', // not the length of a template's id
    '40037': 'account', // no such template, or it was withdrawn
    '40066': 'rejected', // wrong url
    '40164': 'account', // the address of this machine is not on the list of those allowed
    '40165': 'rejected', // no such page of the mini-program
    '40166': 'account', // wrong appid of the mini-program that is linked
    '40173': 'account', // the mini-program that is linked is not bound
    '40249': 'rejected', // reported: blocked for what it says
    '41030': 'rejected', // no such page of the mini-program
    '43002': 'account', // not a POST
    '43003': 'account', // not https
    '43004': 'rejected', // does not follow the account: the openid is right, and good again once they follow
    '43019': 'rejected', // on the account's own list of blocked people
    '43101': 'rejected', // refused these messages, or all that were allowed have been sent
    '43102': 'account', // not a template for subscribe messages
    '43104': 'account', // no permission for this app
    '43107': 'account', // subscribe messages are closed to this app
    '43108': 'retry', // another message to the same person is under way
    '43117': 'retry-later', // reported: too many to this person
    '44002': 'rejected', // an empty body
    '45002': 'rejected', // too long
    '45009': 'retry-later', // the limit of the day
    '45011': 'retry', // the limit of the minute
    '45012': 'rejected', // the template is too large
    '45013': 'rejected', // too many values
    '45014': 'rejected', // the message is too large
    '45035': 'account', // the address of this machine is not on the list of those allowed
    '45051': 'rejected', // a link that a template message may not have
    '45065': 'unknown', // one with this client_msg_id was taken before; documented for messages to all followers
    '45066': 'retry', // the same, and asked again within a minute
    '45102': 'account', // this API is blocked for a while
    '45103': 'account', // this API has ended
    '45109': 'account', // reported: this API has ended for this account
    '45168': 'rejected', // a forbidden word
    '45501': 'account', // a supervisor has blocked the app for a while
    '47001': 'rejected', // not JSON
    '47002': 'rejected', // JSON with \uxxxx in it
    '47003': 'rejected', // a value of the template is missing or does not fit
    '48001': 'account', // no permission for this API
    '48002': 'rejected', // has switched the account's messages off
    '48003': 'account', // terms that were not agreed to
    '48004': 'account', // this API is blocked
    '48008': 'account', // no permission for messages of this kind
    '48009': 'account', // this API has ended
    '48011': 'account', // the template is disabled
    '50001': 'account', // no permission
    // "The user is restricted": the older list speaks of the app, the newer one of an account that is frozen or gone.
    '50002': 'account',
    '50003': 'account', // not on a list of those allowed
    '50004': 'account', // no permission
    '50005': 'rejected', // does not follow the account
    '50007': 'account', // the app is frozen
    '61003': 'account', // the account has not authorized the platform
    '61004': 'account', // the address of this machine is not on the list of those allowed
    '61007': 'account', // no permission for this platform
  },
  otherwise: 'rejected',
  minutely: ['45011', '45066'],
})
