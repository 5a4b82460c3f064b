import { type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { createOutcomes, type HttpAnswer, textAt } from '@reachkit/driver-kit'

/** What the reason of an answer means. */
const outcomeOf = createOutcomes({
  vendor: 'apns',
  document:
    'Apple, "Handling notification responses from APNs" (https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns)',
  codes: {
    BadCollapseId: 'rejected',
    BadDeviceToken: 'invalid-address', // or of the other environment: see `isDoubtful`
    BadExpirationDate: 'rejected',
    BadMessageId: 'rejected',
    BadPriority: 'rejected',
    BadTopic: 'account',
    // Of another app, or our topic is wrong: were that a dead address, one wrong setting would lose all tokens.
    DeviceTokenNotForTopic: 'account',
    DuplicateHeaders: 'rejected',
    IdleTimeout: 'retry',
    InvalidPushType: 'rejected',
    MissingDeviceToken: 'rejected',
    MissingTopic: 'account',
    PayloadEmpty: 'rejected',
    TopicDisallowed: 'account',
    BadCertificate: 'account',
    BadCertificateEnvironment: 'account',
    ExpiredProviderToken: 'token',
    Forbidden: 'account',
    InvalidProviderToken: 'account',
    MissingProviderToken: 'account',
    UnrelatedKeyIdInToken: 'account',
    BadEnvironmentKeyIdInToken: 'account',
    BadPath: 'rejected',
    MethodNotAllowed: 'rejected',
    ExpiredToken: 'invalid-address',
    Unregistered: 'invalid-address',
    PayloadTooLarge: 'rejected',
    TooManyProviderTokenUpdates: 'account',
    TooManyRequests: 'retry', // to the same device
    InternalServerError: 'unknown',
    ServiceUnavailable: 'retry',
    Shutdown: 'retry',
  },
})

/** A dead token, or one of Apple's other environment: where `sandbox` is set wrongly, APNs says so of every token. */
export function isDoubtful(outcome: DeliveryOutcome): boolean {
  return outcome.kind === 'rejected' && outcome.reason === 'apns BadDeviceToken'
}

/** APNs does not take what the token was signed with. */
export function isKeyRefused(outcome: DeliveryOutcome): boolean {
  return outcome.kind === 'retry' && outcome.reason === 'apns InvalidProviderToken'
}

/** What an answer means. APNs has taken what it answers 200 to, with the id and no body. */
export function apnsOutcome(answer: HttpAnswer, now: number): DeliveryOutcome {
  const id = answer.header('apns-id')
  if (answer.status === 200 && id !== undefined) return sent(id)
  return outcomeOf(answer, textAt(answer.json, 'reason'), now)
}
