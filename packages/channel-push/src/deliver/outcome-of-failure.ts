import { type DeliveryOutcome, isNotSentError, rejected, retry, unknown } from '@reachkit/core/spec'
import { laterMs, LostAnswerError, RefusedRequestError } from '@reachkit/driver-kit'

/** What became of the attempt at one device that threw. A driver of one device throws it on; here others go on. */
export function outcomeOfFailure(provider: string, error: unknown): DeliveryOutcome {
  if (error instanceof LostAnswerError) return unknown(`${provider} ${error.reason}`)
  if (error instanceof RefusedRequestError) {
    const reason = `${provider} ${error.reason}`
    return error.isOfAccount ? retry(laterMs, reason) : rejected(reason)
  }
  if (isNotSentError(error)) return retry(error.afterMs, named(provider, error.message))
  return unknown(`${provider} failed`)
}

/** What keeps access tokens opens its reasons with the provider already. */
function named(provider: string, reason: string): string {
  return reason.startsWith(`${provider} `) ? reason : `${provider} ${reason}`
}
