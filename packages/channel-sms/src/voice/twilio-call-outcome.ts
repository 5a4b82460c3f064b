import { createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'

/** What a code of Twilio means where a call is to be made. A code that is not listed goes by the status. */
export const twilioCallOutcome: OutcomeOf = createOutcomes({
  vendor: 'twilio',
  document: 'Twilio, "Error and Warning Dictionary" (https://www.twilio.com/docs/api/errors)',
  codes: {
    '10001': 'account', // the account is not active
    '10002': 'account', // a trial account cannot do this
    '10004': 'retry', // too many calls at a time
    '20003': 'account', // authentication failed
    '20005': 'account', // the account is not active
    '20008': 'account', // test credentials
    '20404': 'account', // no such account
    '20429': 'retry', // too many requests
    '21210': 'account', // 'From' is not verified
    '21211': 'invalid-address', // invalid 'To' number
    '21212': 'account', // invalid 'From' number
    '21214': 'invalid-address', // 'To' cannot be reached
    '21215': 'account', // no permission for the region
    '21216': 'rejected', // the account may not call this number
    '21217': 'invalid-address', // the number does not appear to be valid
    '21219': 'account', // a trial account calls verified numbers only
    '21730': 'retry', // the system is under maintenance
  },
  otherwise: 'rejected',
})
