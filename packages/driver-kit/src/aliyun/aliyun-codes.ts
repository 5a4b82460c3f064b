import type { Verdict } from '../outcome/outcome-table.js'

/**
 * Codes that any API of Aliyun may answer before it looks at what is to be sent (Alibaba Cloud, "Client error codes",
 * https://help.aliyun.com/en/polardb/client-error-codes, and "Error codes" of the OpenAPI platform,
 * https://help.aliyun.com/en/document_detail/434846.html). Those of one API stand beside its driver.
 */
export const aliyunCommonCodes: Readonly<Record<string, Verdict>> = {
  Throttling: 'retry',
  'Throttling.*': 'retry', // of the user, of the API
  InternalError: 'unknown',
  ServiceUnavailable: 'unknown',
  // A nonce of ours is used once: where it was used, the first copy of the request has arrived.
  SignatureNonceUsed: 'unknown',
  'InvalidApi.NotFound': 'account',
  'InvalidProduct.NotFound': 'account',
  InvalidAction: 'account',
  'InvalidAction.*': 'account',
  InvalidVersion: 'account',
  NoSuchVersion: 'account',
  MissingAccessKeyId: 'account',
  'InvalidAccessKeyId.*': 'account', // not there, not active
  'InvalidSecurityToken.*': 'account', // ended, malformed, of another key
  IncompleteSignature: 'account',
  SignatureDoesNotMatch: 'account',
  'InvalidTimeStamp.*': 'account', // the clocks differ by more than 15 minutes
  ActionUnauthorized: 'account',
  NoPermission: 'account',
  Forbidden: 'account',
  'Forbidden.*': 'account',
  InsufficientBalance: 'account',
  UnsupportedHTTPMethod: 'account',
}
