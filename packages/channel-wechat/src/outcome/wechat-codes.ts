import { createJudge, type Judge } from './judge.js'

/** What a code of official accounts and mini-programs means. One that is not listed refuses this message. */
export const judgeWechat: Judge = createJudge({
  vendor: 'wechat',
  document:
    'WeChat, "Global return codes" (https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html), "Send a template message" and "Send a subscribe message"',
  codes: {
    '-1': 'retry', // the system is busy
    '40001': 'token', // the access token is wrong, or not the newest one
    '40014': 'token', // not an access token
    '41001': 'token', // no access token
    '42001': 'token', // the access token has expired
    '40003': 'invalid-address', // not an openid of this app: see `AddressProof`
    '40013': 'account', // wrong appid
    '40029': 'rejected', // a code that is not valid
    '40036': 'rejected', // the length of the template's id
    '40037': 'account', // no such template, or it was withdrawn
    '40066': 'rejected', // wrong url
    '40125': 'account', // wrong AppSecret
    '40164': 'account', // the address of this machine is not on the list of those allowed
    '40165': 'rejected', // no such page of the mini-program
    '40243': 'account', // the AppSecret is frozen
    '41002': 'account', // no appid
    '41004': 'account', // no AppSecret
    '41028': 'rejected', // wrong form id
    '41030': 'rejected', // no such page of the mini-program
    '43002': 'account', // not a POST
    '43003': 'account', // not https
    '43004': 'rejected', // does not follow the account: the openid is right, and good again once they follow
    '43019': 'rejected', // on the account's own list of blocked people
    '43101': 'rejected', // refused these messages, or all that were allowed have been sent
    '43102': 'rejected', // not a template for subscribe messages
    '43104': 'account', // no permission for this app
    '43107': 'account', // subscribe messages are closed to this app
    '43108': 'retry', // another message to the same person is under way
    '44002': 'rejected', // an empty body
    '45001': 'rejected', // too large
    '45002': 'rejected', // too long
    '45009': 'retry-later', // the limit of the day
    '45011': 'retry', // the limit of the minute
    '45047': 'rejected', // as many messages as this person may get before they answer
    '45109': 'account', // closed to this app
    '45168': 'rejected', // a forbidden word
    '47001': 'rejected', // not JSON
    '47003': 'rejected', // a value of the template is missing or does not fit
    '48001': 'account', // no permission for this API
    '48002': 'rejected', // has switched the account's messages off
    '48003': 'account', // terms that were not agreed to
    '48004': 'account', // this API is blocked
    '50001': 'account', // no permission
    '50002': 'account', // the app is restricted
    '50004': 'account', // no permission
    '50005': 'rejected', // does not follow the account
    '50007': 'account', // the app is frozen
    '61004': 'account', // the address of this machine is not on the list of those allowed
    '61007': 'account', // no permission for this platform
    '89503': 'account', // an administrator must confirm the address of this machine
  },
  otherwise: 'rejected',
  minutely: ['45011'],
})
