import { createHmac } from 'node:crypto'

/** What is signed of a request. */
export interface SignedParts {
  readonly method: 'GET' | 'POST'
  /** With the query, as it stands in the first line of the request. */
  readonly path: string
  /** Seconds since the epoch. */
  readonly timestamp: number
  /** Empty for a GET. */
  readonly body: string
}

/**
 * The header `Reachkit-Signature` of a request: `t=<timestamp>,v1=<hex>`, the HMAC-SHA-256 of
 * `<timestamp>.<METHOD>.<path>.<body>`. A service computes the same, compares in constant time, and refuses a timestamp
 * that is more than a few minutes off.
 */
export function signatureOf({ method, path, timestamp, body }: SignedParts, secret: string): string {
  const mac = createHmac('sha256', secret).update(`${timestamp}.${method}.${path}.${body}`).digest('hex')
  return `t=${timestamp},v1=${mac}`
}
