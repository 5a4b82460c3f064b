/**
 * Why a message was stopped, put off or held: what history, `explain` and `settled()` show. Gates and drivers of an
 * app may use codes of their own; these are the ones that core writes (listed in `docs/errors.md`).
 */
export const reasonCodes = {
  scheduled: 'It was asked to be sent later.',
  'retry-later': 'The provider could not take it now; it certainly was not sent.',
  'retries-exhausted': 'Every attempt that was allowed was used up.',
  'provider-rejected': 'The provider refused it for good.',
  'address-invalid': 'The address does not exist or is malformed.',
  'address-missing': 'The recipient has no address on this channel.',
  'recipient-unknown': 'The directory does not know the recipient.',
  'not-allowed': 'The recipient is not on the list of test recipients.',
  expired: 'Its time to live was over before it could be sent.',
  'template-value-missing': 'The data lacks a value that the content uses.',
  'content-invalid': 'The rendered content does not fit the channel.',
  'content-failed': 'The content function threw.',
  'driver-failed': 'The driver threw or answered something that is not an outcome; it may have gone out.',
  'deadline-passed': 'The driver did not answer within its deadline; it may have gone out.',
  'unknown-outcome': 'The driver could not tell whether it was sent.',
  interrupted: 'The process died while it was being sent; it may have gone out.',
  'not-attempted': 'The attempt was never made: the process was stopping or its lease ran out.',
  'awaiting-receipt': 'It was sent; the next channel is tried unless a receipt comes in time.',
  'channel-unavailable': 'No provider of the channel takes messages of this process.',
  'gate-failed': 'A gate threw; the message is tried again later.',
  'directory-failed': 'The directory threw; the message is tried again later.',
  'reroutes-exhausted': 'It was rerouted as often as is allowed.',
  'type-unknown': 'This process does not know the message type or its version; another one may.',
  unreadable: 'What the store has of it cannot be read here; a newer version of the app may have written it.',
  'crashes-exhausted': 'Each process that took it died.',
  unresolved: 'It was held, and nothing told in time whether it went out.',
  cancelled: 'It was cancelled before it was sent.',
  rescheduled: 'It was given another time.',
  resent: 'It was asked to be sent again.',
  'trigger-withdrawn': 'An event came that it was not to be sent after.',
  'trigger-repeated': 'Its trigger has sent to the recipient within its window already.',
  duplicate: 'It was accepted before under the same key.',
  'spooled-too-long': 'It waited for the store for longer than a dedupe key is known.',
} as const

export type ReasonCode = keyof typeof reasonCodes

/** A stop or a wait, as recorded: a stable code and, where it helps, a sentence without personal data. */
export interface Reason {
  readonly code: ReasonCode | (string & {})
  readonly detail?: string
}
