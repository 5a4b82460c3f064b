import { createJudge, type Judge } from './judge.js'

/** What a code of WeCom means, for apps and robots alike. One that is not listed refuses this message. */
export const judgeWecom: Judge = createJudge({
  vendor: 'wecom',
  document: 'WeCom, "Global error codes" (https://developer.work.weixin.qq.com/document/path/90313)',
  codes: {
    '-1': 'retry', // the system is busy
    '6000': 'retry', // two changes at once
    '40014': 'token', // not an access token
    '41001': 'token', // no access token
    '42001': 'token', // the access token has expired
    '40001': 'account', // wrong Secret
    '40003': 'invalid-address', // not a userid
    '40008': 'rejected', // no such type of message
    '40013': 'account', // wrong corpid
    '40031': 'invalid-address', // not a userid, in a list of them
    '40033': 'rejected', // characters written as \uxxxx
    '40035': 'rejected', // wrong parameter
    '40039': 'rejected', // the url is too long
    '40056': 'account', // wrong agentid
    '40058': 'rejected', // wrong parameter
    '40063': 'rejected', // an empty parameter
    '41002': 'account', // no corpid
    '41004': 'account', // no Secret
    '41011': 'account', // no agentid
    '43004': 'rejected', // does not follow the company in WeChat
    '44001': 'rejected', // nothing in it
    '44004': 'rejected', // an empty text
    '45001': 'rejected', // too large
    '45002': 'rejected', // too long
    '45003': 'rejected', // the title is too long
    '45004': 'rejected', // the description is too long
    '45005': 'rejected', // the url is too long
    '45008': 'rejected', // too many articles
    '45009': 'retry', // called too often
    '45033': 'retry', // too many calls at once
    '46004': 'invalid-address', // no such member
    '47001': 'rejected', // not JSON
    '48001': 'account', // no such permission
    '48002': 'account', // no permission for this API
    '48003': 'account', // the suite is not valid
    '48004': 'account', // the authorization has ended
    '50001': 'account', // a domain that is not trusted
    '50002': 'rejected', // the member is outside of what the app may do
    '50003': 'account', // the app is switched off
    '60011': 'account', // the app has no right to this
    '60020': 'account', // the address of this machine is not trusted
    '60028': 'account', // the app is not to be called so
    '60111': 'invalid-address', // no such userid
    '81013': 'rejected', // no such member, or outside of what the app may see: which of the two is not told
    '82001': 'rejected', // nobody to send to
    '93000': 'invalid-address', // no such webhook: the robot was removed, or never there
    '93004': 'account', // the robot is switched off
    '93008': 'account', // the robot is not in the group
    '301002': 'account', // the token is of another app than agentid
    '301007': 'account', // the company is no more
    '301025': 'rejected', // a wrong parameter
    '2000002': 'account', // wrong corpid
  },
  otherwise: 'rejected',
  minutely: ['45009'],
})
