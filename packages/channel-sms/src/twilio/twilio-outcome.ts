import { createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'
import { twilioAccountCodes } from './twilio-account-codes.js'

/**
 * What a code of Twilio means where a message is to be sent. A code that is not listed goes by the status: 400 is rejected.
 * Those from 30001 are met here only where a message fails at once.
 */
export const twilioOutcome: OutcomeOf = createOutcomes({
  vendor: 'twilio',
  document: 'Twilio, "Error and Warning Dictionary" (https://www.twilio.com/docs/api/errors)',
  codes: {
    ...twilioAccountCodes,
    '14107': 'retry', // too many between two numbers in a short time
    '21211': 'invalid-address', // invalid 'To' number
    '21212': 'account', // invalid 'From' number
    '21408': 'account', // no permission for the region
    '21601': 'account', // 'From' cannot send
    '21602': 'rejected', // no text
    '21603': 'account', // no 'From'
    '21604': 'rejected', // no 'To'
    '21606': 'account', // 'From' is not a number of the account that can send this
    '21607': 'account', // a trial account sends from the sandbox only
    '21608': 'account', // a trial account sends to verified numbers only
    '21609': 'account', // invalid 'StatusCallback'
    '21610': 'rejected', // the recipient has unsubscribed
    '21611': 'retry', // the sender's queue is full
    '21612': 'rejected', // not reachable from this sender
    '21614': 'invalid-address', // not a mobile number
    '21616': 'account', // 'From' matches several numbers of the account
    '21617': 'rejected', // over 1,600 characters
    '21618': 'rejected', // filtered by all carriers
    '21635': 'invalid-address', // a landline, where those get no messages
    '21654': 'rejected', // variables without a template
    '21655': 'account', // there is no such template
    '21656': 'rejected', // invalid variables
    '21657': 'account', // the sender is not supported there
    '21659': 'account', // 'From' is no number of Twilio, or a short code of another country
    '21660': 'account', // 'From' is of another account
    '21701': 'account', // there is no such messaging service
    '21702': 'account', // the messaging service cannot send
    '21703': 'account', // the messaging service has no sender for this
    '21704': 'account', // the messaging service has no sender
    '21705': 'account', // the messaging service is invalid
    '21730': 'retry', // the system is under maintenance
    '30001': 'retry', // queue overflow
    '30002': 'account', // the account is suspended
    '30003': 'rejected', // the handset cannot be reached
    '30004': 'rejected', // blocked by the recipient
    '30005': 'invalid-address', // the number is unknown
    '30006': 'rejected', // a landline; or a carrier that the sender does not reach, and the number is fine
    '30007': 'rejected', // filtered by the carrier
    '30008': 'unknown', // an error that nobody knows
    '30017': 'retry', // the carrier is congested
    '30018': 'account', // the sender is not registered there
    '30019': 'rejected', // too large for the carrier
    '30022': 'retry', // more a second than the sender may
    '30023': 'retry-later', // more a day than the sender may
    '30024': 'account', // the sender is not provisioned at the carrier
    '30027': 'retry-later', // more a day than T-Mobile takes
    '30032': 'account', // the toll-free number is not verified
    '30033': 'account', // the campaign is suspended
    '30034': 'account', // the number is not registered for traffic of applications
    '30035': 'account', // the number is still being registered
    '30036': 'rejected', // too long in the queue
    '30410': 'unknown', // the carrier did not answer in time
    '30450': 'retry-later', // blocked for 15 to 30 minutes, because of what looked like fraud
    '63038': 'retry-later', // the account's daily limit
  },
  otherwise: 'rejected',
})
