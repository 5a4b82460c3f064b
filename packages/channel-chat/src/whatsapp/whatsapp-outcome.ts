import { type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { codeAt, createOutcomes, type HttpAnswer, textAt } from '@reachkit/driver-kit'

/**
 * What a code means. One that is not listed goes by the status. By Meta's "WhatsApp error codes"
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes); its table was read in
 * copies, the newest of 2025. A template or flow that is missing, paused or blocked is the account's fault: it refuses every
 * message of its type until a person has repaired it.
 */
const refusal = createOutcomes({
  vendor: 'whatsapp',
  document:
    'Meta, "WhatsApp error codes" (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes)',
  codes: {
    '0': 'account', // the app user could not be authenticated
    '1': 'unknown', // an invalid request or an error of the server
    '2': 'unknown', // down or overloaded
    '3': 'account', // no permission for this call
    '4': 'retry', // the app's limit of calls
    '10': 'account', // permission is not granted, or was removed
    '33': 'account', // the business number was deleted
    '100': 'rejected', // a parameter is not supported
    'no-such-number': 'account', // 100 as well: the id of the business number is wrong, or the token may not use it
    '190': 'account', // the access token has expired
    '200': 'account', // permission is not granted
    '368': 'account', // blocked for a violation of policy
    '80007': 'retry', // the account's limit of calls
    '130429': 'retry', // throughput of the number
    '130472': 'rejected', // the recipient is part of an experiment
    '130497': 'rejected', // may not write to this country
    '131000': 'unknown', // something went wrong
    '131005': 'account', // access denied
    '131008': 'rejected', // a parameter is missing
    '131009': 'rejected', // the value of a parameter is not valid
    '131016': 'unknown', // the service is away
    '131021': 'invalid-address', // the recipient is the sender
    '131026': 'rejected', // no WhatsApp number, an old app, or terms not accepted: which of them is not told
    '131030': 'account', // a test number writes to listed recipients only
    '131031': 'account', // the account is locked
    '131037': 'account', // the display name is not approved
    '131042': 'account', // no valid payment method
    '131045': 'account', // the number is not registered rightly
    '131047': 'rejected', // more than 24 hours since the recipient wrote: only templates
    '131048': 'account', // the number is restricted: too many were blocked or flagged as spam
    '131049': 'rejected', // not delivered, to keep engagement healthy
    '131050': 'rejected', // the recipient has stopped marketing messages
    '131051': 'rejected', // the type of message is not supported
    '131052': 'rejected', // a file could not be downloaded
    '131053': 'rejected', // a file could not be uploaded
    '131056': 'retry', // too many to this recipient in a short time
    '131057': 'retry-later', // the account is in maintenance
    '132000': 'rejected', // another number of parameters than the template has
    '132001': 'account', // no such template in this language, or not approved
    '132005': 'rejected', // too long once translated
    '132007': 'rejected', // the content violates a policy
    '132012': 'rejected', // a parameter is formatted wrongly
    '132015': 'account', // the template is paused
    '132016': 'account', // the template is disabled: a person must write another one
    '132018': 'rejected', // the parameters of the template are not valid
    '132068': 'account', // the flow is blocked until a person corrects it
    '132069': 'account', // the flow is throttled to 10 an hour until a person corrects it
    '133010': 'account', // the number is not registered
    '135000': 'rejected', // an unknown error with the parameters
    '139000': 'account', // the flow is blocked for a fault of the account
  },
})

export function whatsappOutcome(answer: HttpAnswer): DeliveryOutcome {
  const { json } = answer
  const id = textAt(json, 'messages', 0, 'id')
  const code = codeAt(json, 'error', 'code')
  // A message whose template is being paused may still be dropped.
  const paused = textAt(json, 'messages', 0, 'message_status') === 'paused'
  if (answer.ok && code === undefined && id !== undefined && !paused) return sent(id)
  // Graph API, "Error codes": subcode 33 of 100 is an object that does not exist, or that the token may not use.
  const isNoNumber = code === '100' && codeAt(json, 'error', 'error_subcode') === '33'
  return refusal(answer, isNoNumber ? 'no-such-number' : code)
}
