/** Codes of fetch failures that come before a byte of the request is written: no address, no connection, no TLS. */
const neverLeft: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
])

/** True where a failure with this code certainly came before the request left. */
export function isBeforeSending(code: string): boolean {
  return neverLeft.has(code)
}

/** The code of an error or of what caused it, made fit for a record; its name where there is no code. */
export function failureCode(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if ('code' in at && isCode(at.code)) return at.code
    if (at instanceof AggregateError) return failureCode(at.errors[0])
  }
  return error instanceof Error && isCode(error.name) ? error.name : 'error'
}

function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z]\w{0,60}$/.test(value)
}
