import type { Verdict } from '../outcome/outcome-table.js'

/**
 * Codes that any API of Aliyun may answer before it looks at what is to be sent (Alibaba Cloud, "Client error codes",
 * https://help.aliyun.com/en/polardb/client-error-codes, and "Error codes" of the OpenAPI platform,
 * https://help.aliyun.com/en/document_detail/434846.html). Those of one API stand beside its driver.
 */
export const aliyunCommonCodes: Readonly<Record<string, Verdict>> = {
  Throttling: 'retry',
  'Throttling.User': 'retry',
  'Throttling.Api': 'retry',
  InternalError: 'unknown',
  ServiceUnavailable: 'unknown',
  // A nonce of ours is used once: where it was used, the first copy of the request has arrived.
  SignatureNonceUsed: 'unknown',
  'InvalidApi.NotFound': 'account',
  'InvalidProduct.NotFound': 'account',
  InvalidAction: 'account',
  NoSuchVersion: 'account',
  'InvalidAccessKeyId.NotFound': 'account',
  'InvalidAccessKeyId.Inactive': 'account',
  'InvalidSecurityToken.Expired': 'account',
  'InvalidSecurityToken.Malformed': 'account',
  'InvalidSecurityToken.MismatchWithAccessKey': 'account',
  IncompleteSignature: 'account',
  SignatureDoesNotMatch: 'account',
  'InvalidTimeStamp.Expired': 'account',
  'InvalidTimeStamp.Format': 'account',
  ActionUnauthorized: 'account',
  Forbidden: 'account',
  'Forbidden.RAM': 'account',
  'Forbidden.RiskControl': 'account',
  'Forbidden.UserVerification': 'account',
  InsufficientBalance: 'account',
  UnsupportedHTTPMethod: 'account',
}
