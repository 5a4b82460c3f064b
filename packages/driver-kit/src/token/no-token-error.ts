import { isNotSentError, NotSentError } from '@reachkit/core/spec'
import { failureCode } from '../http/failure-code.js'

/** How long a message waits where the endpoint of tokens is away. */
const awayMs = 30_000

/** There is no access token, so nothing was sent. */
export class NoTokenError extends NotSentError {}

/** What became of asking for a token: whoever refused it may say how long to wait. */
export function noToken(vendor: string, error: unknown): NoTokenError {
  const known = isNotSentError(error) ? error : undefined
  const why = known?.message ?? failureCode(error)
  return new NoTokenError(`${vendor} no access token: ${why}`, { afterMs: known?.afterMs ?? awayMs })
}
