import { createHash, createHmac } from 'node:crypto'

/** What Aliyun signs of a request. */
export interface Acs3Request {
  readonly method: string
  /** `dysmsapi.aliyuncs.com`, with a port where the request goes to one. */
  readonly host: string
  /** The path as it is written; `/` for an API of the style RPC. */
  readonly path: string
  /** The query as it is written: see `acs3Query`. Empty where there is none. */
  readonly query: string
  readonly body: string
  readonly action: string
  readonly version: string
  readonly contentType?: string
}

export interface Acs3Key {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** The token of a key that ends by itself (STS). */
  readonly securityToken?: string
}

/** What makes a request one of a kind: an instant, and a text that no other request has. */
export interface Acs3Moment {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly nonce: string
}

const algorithm = 'ACS3-HMAC-SHA256'

/**
 * The headers of a signed request, by ACS3-HMAC-SHA256 (Alibaba Cloud, "V3 request structure and signature",
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature). `host` is not among
 * them: whoever sends the request writes it.
 */
export function acs3Headers(request: Acs3Request, key: Acs3Key, { now, nonce }: Acs3Moment): Record<string, string> {
  const { method, host, path, query, body, action, version, contentType } = request
  const bodyHash = sha256(body)
  const headers: Record<string, string> = {
    ...(contentType !== undefined && { 'content-type': contentType }),
    'x-acs-action': action,
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': `${new Date(now).toISOString().slice(0, 19)}Z`,
    ...(key.securityToken !== undefined && { 'x-acs-security-token': key.securityToken }),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  }
  const signed = Object.entries({ ...headers, host }).toSorted(byName)
  const names = signed.map(([name]) => name).join(';')
  const lines = signed.map(([name, value]) => `${name}:${value.trim()}\n`).join('')
  const canonical = [method, path, query, lines, names, bodyHash].join('\n')
  const signature = createHmac('sha256', key.accessKeySecret)
    .update(`${algorithm}\n${sha256(canonical)}`)
    .digest('hex')
  headers['authorization'] = `${algorithm} Credential=${key.accessKeyId},SignedHeaders=${names},Signature=${signature}`
  return headers
}

/** Fields as the signed query has them: sorted by name, encoded by RFC 3986. A field that is undefined is left out. */
export function acs3Query(fields: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
    .toSorted(byName)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&')
}

/** By code points, not by the alphabet of a language. */
function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1
}

function encoded(text: string): string {
  // By way of UTF-8: half a letter, which `encodeURIComponent` throws at, becomes U+FFFD.
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
