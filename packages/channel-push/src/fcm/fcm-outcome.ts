import { type DeliveryOutcome, retry, sent } from '@reachkit/core/spec'
import { createOutcomes, fieldAt, type HttpAnswer, listAt, textAt } from '@reachkit/driver-kit'

/** What a code of FCM means; the `errorCode` of an `FcmError`, or else the status of a Google API. */
const outcomeOf = createOutcomes({
  vendor: 'fcm',
  document: 'Firebase, "ErrorCode" (https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode)',
  codes: {
    UNSPECIFIED_ERROR: 'unknown',
    INVALID_ARGUMENT: 'rejected',
    INVALID_TOKEN: 'invalid-address', // ours, for an INVALID_ARGUMENT that is about the token
    UNREGISTERED: 'invalid-address',
    // The tokens are of another project, or our key is: were that a dead address, one wrong key would lose all tokens.
    SENDER_ID_MISMATCH: 'account',
    QUOTA_EXCEEDED: 'retry',
    RESOURCE_EXHAUSTED: 'retry',
    UNAVAILABLE: 'retry', // overloaded; "retry the same request"
    INTERNAL: 'unknown',
    THIRD_PARTY_AUTH_ERROR: 'account', // the key of APNs, or of web push, that the project holds
    UNAUTHENTICATED: 'token',
    PERMISSION_DENIED: 'account',
    NOT_FOUND: 'account', // no such project
  },
})

/** The document, of QUOTA_EXCEEDED: a minute where no time is told. */
const quotaMs = 60_000

/** What an answer of `messages:send` means. */
export function fcmOutcome(answer: HttpAnswer, now: number): DeliveryOutcome {
  const name = textAt(answer.json, 'name')
  if (answer.ok && name !== undefined) return sent(name)
  const outcome = outcomeOf(answer, codeOf(answer.json), now)
  const quota = outcome.kind === 'retry' && answer.status === 429 && outcome.afterMs === undefined
  return quota ? retry(quotaMs, outcome.reason) : outcome
}

function codeOf(json: unknown): string | undefined {
  const details = listAt(json, 'error', 'details')
  const own = details.map((detail) => textAt(detail, 'errorCode')).find((code) => code !== undefined)
  const code = own ?? textAt(json, 'error', 'status')
  return code === 'INVALID_ARGUMENT' && isAboutToken(json, details) ? 'INVALID_TOKEN' : code
}

/** FCM tells a malformed token by the field, or by this sentence only. */
function isAboutToken(json: unknown, details: readonly unknown[]): boolean {
  const fields = details.flatMap((detail) => listAt(detail, 'fieldViolations').map((each) => fieldAt(each, 'field')))
  if (fields.length > 0) return fields.every((field) => field === 'message.token')
  return /registration token is not a valid FCM registration token/.test(textAt(json, 'error', 'message') ?? '')
}
