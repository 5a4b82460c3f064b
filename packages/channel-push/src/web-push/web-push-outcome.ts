import { type DeliveryOutcome, invalidAddress, sent } from '@reachkit/core/spec'
import { createOutcomes, type HttpAnswer, textAt } from '@reachkit/driver-kit'

/** What the reason of an answer means, where a push service tells one. Elsewhere the status decides. */
const outcomeOf = createOutcomes({
  vendor: 'webpush',
  document:
    'Apple, "Sending web push notifications in web apps and browsers" (https://developer.apple.com/documentation/usernotifications/sending-web-push-notifications-in-web-apps-and-browsers)',
  codes: {
    BadAuthorizationHeader: 'account',
    BadJwtToken: 'account',
    VapidPkHashMismatch: 'account', // the subscription belongs to another key of ours
    TooManyRequests: 'retry',
    InternalServerError: 'unknown',
    ServiceUnavailable: 'retry',
  },
})

/** RFC 8030, 5: 201 once the message is taken, with its own url as Location; 202 where a receipt was asked for. */
export function webPushOutcome(answer: HttpAnswer, now: number): DeliveryOutcome {
  const { status } = answer
  if (status === 201 || status === 202) return sent(answer.header('location'))
  // RFC 8030, 7.3: an expired subscription is 404; services also say 410 for one that was taken back.
  if (status === 404 || status === 410) return invalidAddress(`webpush http ${status}`)
  return outcomeOf(answer, textAt(answer.json, 'reason'), now)
}
