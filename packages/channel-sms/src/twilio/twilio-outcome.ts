import { createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'

/** What a code of Twilio means. A code that is not listed goes by the status: 400 is rejected. */
export const twilioOutcome: OutcomeOf = createOutcomes({
  vendor: 'twilio',
  document: 'Twilio, "Error and Warning Dictionary" (https://www.twilio.com/docs/api/errors)',
  codes: {
    '20003': 'account', // authentication failed
    '20005': 'account', // the account is not active
    '20008': 'account', // test credentials
    '20404': 'account', // no such account
    '20429': 'retry', // too many requests
    '21211': 'invalid-address', // invalid 'To' number
    '21212': 'account', // invalid 'From' number
    '21214': 'invalid-address', // 'To' cannot be reached
    '21217': 'invalid-address', // the number does not appear to be valid
    '21408': 'account', // no permission for the region
    '21606': 'account', // 'From' is not a number of the account that can send this
    '21608': 'account', // a trial account sends to verified numbers only
    '21610': 'rejected', // the recipient has unsubscribed
    '21611': 'retry', // the sender's queue is full
    '21612': 'rejected', // not reachable from this sender
    '21614': 'invalid-address', // not a mobile number
    '21635': 'invalid-address', // a landline
    '21617': 'rejected', // over 1,600 characters
    '21659': 'account', // 'From' is not a number of the account
    '21660': 'account', // 'From' is of another account
    '21701': 'account', // there is no such messaging service
    '21703': 'account', // the messaging service has no sender
    '21704': 'account', // the messaging service has no number
    '21705': 'account', // the messaging service is invalid
    '21730': 'retry', // the system is under maintenance
    '30001': 'retry', // queue overflow
    '30002': 'account', // the account is suspended
    '30003': 'rejected', // the handset cannot be reached
    '30004': 'rejected', // blocked by the recipient
    '30005': 'invalid-address', // the number is unknown
    '30006': 'invalid-address', // a landline, or a carrier that takes none
    '30007': 'rejected', // filtered by the carrier
    '30008': 'unknown', // an error that nobody knows
    '30022': 'retry', // more a second than the sender may
    '30023': 'retry-later', // more a day than the sender may
    '30032': 'account', // the toll-free number is not verified
    '30034': 'account', // the number is not registered for traffic of applications
    '63038': 'retry-later', // the account's daily limit
  },
  otherwise: 'rejected',
})
