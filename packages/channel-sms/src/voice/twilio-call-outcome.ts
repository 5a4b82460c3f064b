import { createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'
import { twilioAccountCodes } from '../twilio/twilio-account-codes.js'

/** What a code of Twilio means where a call is to be made. A code that is not listed goes by the status. */
export const twilioCallOutcome: OutcomeOf = createOutcomes({
  vendor: 'twilio',
  document: 'Twilio, "Error and Warning Dictionary" (https://www.twilio.com/docs/api/errors)',
  codes: {
    ...twilioAccountCodes,
    '10004': 'retry', // too many calls at a time
    '21201': 'rejected', // no number
    '21202': 'rejected', // a premium number
    '21203': 'account', // international calls are not enabled
    '21205': 'account', // invalid url
    '21210': 'account', // 'From' is not verified
    '21211': 'invalid-address', // invalid 'To' number
    '21212': 'account', // invalid 'From' number
    '21213': 'account', // no 'From'
    '21214': 'rejected', // 'To' cannot be reached
    '21215': 'account', // no permission for the region
    '21216': 'rejected', // on Twilio's list of numbers that are not called
    '21217': 'invalid-address', // the number does not appear to be valid
    '21219': 'account', // a trial account calls verified numbers only
    '21730': 'retry', // the system is under maintenance
  },
  otherwise: 'rejected',
})
