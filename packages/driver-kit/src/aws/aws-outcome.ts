import { type DeliveryOutcome, rejected, retry, unknown } from '@reachkit/core/spec'
import { isBeforeSending } from '../http/failure-code.js'
import { accountFault } from '../outcome/account-fault.js'
import { laterMs } from '../outcome/outcome-table.js'

/** What is known of a call of AWS that failed. */
export interface AwsFailure {
  /** The error's code, made fit for a record. */
  readonly name: string
  /** Undefined where no answer came. */
  readonly status: number | undefined
  /** Node's code of a broken connection, such as ECONNRESET. */
  readonly system: string | undefined
  /** What AWS says beside it. May hold an address: it is read, and never handed on. */
  readonly message: string
}

export interface AwsOutcomeTable {
  /** Opens every reason. */
  readonly vendor: string
  /** The document that lists the codes of this API. */
  readonly document: string
  /** Codes of 4xx that speak of the account, its keys or its set-up. */
  readonly account: readonly string[]
  /** True where too many at once means: too many of this day. */
  isDayFull?(failure: AwsFailure): boolean
}

/** The API refused the call before it looked at what was to be sent: too many at once. */
const throttling: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'Throttled',
  'ThrottledException',
  'RequestThrottled',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'KMSThrottling',
  'KMSThrottlingException',
])

/** The answer was lost within AWS: "aborted" or "timed out before a response could be returned". */
const lost: ReadonlySet<string> = new Set(['RequestAbortedException', 'RequestTimeout', 'RequestTimeoutException'])

/** The same for every API of AWS ("Common Error Types" in each API Reference). */
const account: readonly string[] = [
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]

/**
 * What a failed call means, whichever client made it:
 * - Throttling: `retry`; 5 minutes later where the day's quota is used up.
 * - Account, keys, set-up: `retry` after 5 minutes; rejecting would lose every message to one wrong setting.
 * - Every other 4xx: `rejected`; but `unknown` where AWS says that it lost the answer.
 * - 5xx: `unknown`. AWS itself warns of duplicates when these are sent again.
 * - No answer: `retry` where the connection was never made, else `unknown`; so too for abort and timeouts.
 */
export function createAwsOutcomes(table: AwsOutcomeTable): (failure: AwsFailure) => DeliveryOutcome {
  const ofAccount = new Set([...account, ...table.account])
  return (failure) => {
    const { name, status, system } = failure
    const reason = `${table.vendor} ${name}`
    if (throttling.has(name) || status === 429)
      return retry(table.isDayFull?.(failure) === true ? laterMs : undefined, reason)
    if (ofAccount.has(name) || status === 401 || status === 403) return accountFault(laterMs, reason)
    if (lost.has(name) || status === 408) return unknown(reason)
    if (status !== undefined && status >= 400 && status < 500) return rejected(reason)
    if (status === undefined && hasNeverLeft(failure)) return retry(undefined, `${table.vendor} ${system ?? name}`)
    return unknown(reason)
  }
}

/** Before a byte of the request was sent. */
function hasNeverLeft({ name, system }: AwsFailure): boolean {
  return name === 'CredentialsProviderError' || isBeforeSending(name) || isBeforeSending(system ?? '')
}

/** What an error that the AWS SDK threw says. */
export function parseSdkError(error: unknown): AwsFailure {
  const { name, code, $metadata } = fieldsOf(error)
  const status = fieldsOf($metadata)['httpStatusCode']
  return {
    name: codeText(name) ?? 'error',
    status: typeof status === 'number' ? status : undefined,
    system: codeText(code),
    message: error instanceof Error ? error.message : '',
  }
}

/** A code as it may stand in a record. */
export function codeText(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Za-z][\w.]{1,80}$/.test(code) ? code : undefined
}

function fieldsOf(value: unknown): {
  readonly [field: string]: unknown
  readonly name?: unknown
  readonly code?: unknown
  readonly $metadata?: unknown
} {
  if (typeof value !== 'object' || value === null) return {}
  return { ...value, ...(value instanceof Error && { name: value.name }) }
}
