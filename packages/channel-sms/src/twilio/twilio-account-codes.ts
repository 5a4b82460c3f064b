import type { Verdict } from '@reachkit/driver-kit'

/**
 * Codes of Twilio's REST API as a whole: of the account, its keys, its limits (Twilio, "Error and Warning Dictionary",
 * https://www.twilio.com/docs/api/errors).
 */
export const twilioAccountCodes: Readonly<Record<string, Verdict>> = {
  '10001': 'account', // the account is not active
  '10002': 'account', // a trial account cannot do this
  '20003': 'account', // permission denied: wrong keys, or a suspended account
  '20005': 'account', // the account is not active
  '20006': 'account', // access denied
  '20008': 'account', // test credentials
  '20010': 'account', // disabled for this account
  '20403': 'account', // forbidden
  '20404': 'account', // no such account
  '20409': 'unknown', // a conflict: it may be under way
  '20410': 'account', // the API has been discontinued
  '20426': 'account', // another protocol is asked for
  '20429': 'retry', // too many requests
  '20500': 'unknown', // an error of Twilio's
}
