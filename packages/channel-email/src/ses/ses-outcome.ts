import { type DeliveryOutcome, rejected, retry, unknown } from '@reachkit/core/spec'

/** The account is at fault, and a person must see to it: every mail would meet the same. */
const accountRetryMs = 5 * 60_000

/** The API refused the call before it looked at the mail: too many at once. */
const throttling = new Set([
  'Throttling',
  'ThrottlingException',
  'RequestThrottled',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
])

/** Codes of 4xx that speak of the account, its keys or its set-up. */
const account = new Set([
  'AccountSendingPausedException',
  'AccountSendingPaused',
  'ConfigurationSetDoesNotExist',
  'ConfigurationSetDoesNotExistException',
  'ConfigurationSetSendingPausedException',
  'ConfigurationSetSendingPaused',
  'MailFromDomainNotVerifiedException',
  'MailFromDomainNotVerified',
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
])

/** Failures of the connection before a byte of the request was sent. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'CredentialsProviderError',
])

/**
 * What an error of SendRawEmail means, by its name ("SendRawEmail: Errors" and "Common Errors" in the Amazon SES API
 * Reference; "Amazon SES email sending errors" in the Developer Guide).
 * - Throttling: `retry`; 5 minutes later where the day's quota is used up.
 * - Account, keys, configuration set, MAIL FROM domain: `retry` after 5 minutes; rejecting would lose every message to
 *   one wrong setting.
 * - MessageRejected and every other 4xx: `rejected`. SES does not say that an address is dead here; a bounce tells that.
 * - 5xx: `unknown`. AWS itself warns of duplicates when these are sent again ("API error codes returned by Amazon SES").
 * - No answer: `retry` where the connection was never made, else `unknown`; so too for abort and timeouts.
 */
export function errorOutcome(error: unknown): DeliveryOutcome {
  const { name, status, system } = parseSesError(error)
  const reason = `ses ${name}`
  if (throttling.has(name) || status === 429) return retry(isDayFull(error) ? accountRetryMs : undefined, reason)
  if (account.has(name) || status === 401 || status === 403) return retry(accountRetryMs, reason)
  if (status !== undefined && status >= 400 && status < 500) return rejected(reason)
  if (status === undefined && (neverLeft.has(system ?? '') || neverLeft.has(name)))
    return retry(undefined, `ses ${system ?? name}`)
  return unknown(reason)
}

interface SesError {
  /** The error's code, made fit for a record. */
  readonly name: string
  /** Undefined where no answer came. */
  readonly status: number | undefined
  /** Node's code of a broken connection, such as ECONNRESET. */
  readonly system: string | undefined
}

function parseSesError(error: unknown): SesError {
  const { name, code, $metadata } = fieldsOf(error)
  const status = fieldsOf($metadata)['httpStatusCode']
  return {
    name: codeText(name) ?? 'error',
    status: typeof status === 'number' ? status : undefined,
    system: codeText(code),
  }
}

/** "Daily message quota exceeded." beside "Maximum sending rate exceeded.": both are Throttling. */
function isDayFull(error: unknown): boolean {
  return error instanceof Error && /daily/i.test(error.message)
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

function codeText(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Za-z][\w.]{1,80}$/.test(code) ? code : undefined
}
