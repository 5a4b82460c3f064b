import { createJudge, type Judge } from './judge.js'

/**
 * What a code of WeCom means, for apps and robots alike. One that is not listed refuses this message. By WeCom's "Global
 * error codes" (https://developer.work.weixin.qq.com/document/path/90313; its beginning was read there, the rest in the
 * copy that go-workwx keeps, https://github.com/xen0n/go-workwx, `errcodes/mod.go`), and by "Send app messages"
 * (https://developer.work.weixin.qq.com/document/path/90236).
 *
 * A wrong company, Secret or agentid has codes of its own (40013, 40001, 40091, 40056, 301002), most of them without a token
 * already. Only a whole set of another company's credentials is answered like dead userids: see `AddressProof`.
 */
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
    '40031': 'rejected', // misspelt, or outside of what the app may see: which of the two is not told
    '40033': 'rejected', // characters written as \uxxxx
    '40035': 'rejected', // wrong parameter
    '40039': 'rejected', // the url is too long
    '40056': 'account', // wrong agentid
    '40058': 'rejected', // wrong parameter
    '40063': 'rejected', // an empty parameter
    '40091': 'account', // the Secret of another company
    '40136': 'account', // the trial of the app is over
    '40137': 'account', // the service of the app is over
    '40138': 'account', // more members than the app was paid for
    '40139': 'account', // more members than have authorized the app
    '40141': 'account', // something is wrong with the company's account
    '40201': 'rejected', // held for spam
    '40204': 'rejected', // held for spam by WeChat
    '40206': 'rejected', // the body is too large
    '41002': 'account', // no corpid
    '41004': 'account', // no Secret
    '41011': 'account', // no agentid
    '41016': 'rejected', // no title
    '41033': 'rejected', // no description
    '43004': 'rejected', // does not follow the company in WeChat
    '43009': 'account', // the company is not verified
    '44004': 'rejected', // an empty text
    '45002': 'rejected', // too long
    '45009': 'retry', // called too often
    '45031': 'account', // the Secret is not safe any more, and must be renewed
    '45033': 'retry', // too many calls at once
    '45034': 'rejected', // a url without http or https
    '46004': 'invalid-address', // no such member
    '47001': 'rejected', // not JSON
    '48001': 'account', // no such permission
    '48002': 'account', // no permission for this API
    '48004': 'account', // the authorization has ended
    '48005': 'account', // this API has ended
    '48006': 'account', // taken away, for the company has not used the app for long
    '49008': 'invalid-address', // the group was dissolved
    '50002': 'rejected', // the member is outside of what the app may do
    '50003': 'account', // the app is switched off
    '50006': 'account', // the app of the system is switched off
    '60011': 'account', // the app has no right to this
    '60020': 'account', // the address of this machine is not trusted
    '60021': 'rejected', // the member is outside of what the app may see
    '60031': 'account', // the app may not call APIs
    '60111': 'invalid-address', // no such userid
    '81013': 'rejected', // no such member, or outside of what the app may see: which of the two is not told
    '82001': 'rejected', // nobody to send to
    '90510': 'account', // nobody of the company was active for a year
    '92000': 'rejected', // the member is outside of what the app may see
    '92002': 'account', // not across companies
    '92003': 'account', // not across apps
    '93000': 'invalid-address', // no such webhook: the robot was removed, or never there
    '93004': 'account', // the robot is switched off
    '93008': 'account', // the robot is not in the group
    '301002': 'account', // the token is of another app than agentid
    '301007': 'account', // the company is no more
    '301042': 'account', // the address of this machine is not on the list of those allowed
    '2000002': 'account', // wrong corpid
  },
  otherwise: 'rejected',
  minutely: ['45009'],
})
