import { type KeyObject, sign } from 'node:crypto'

export interface JwtParts {
  readonly alg: 'ES256' | 'RS256'
  /** `kid`, where the vendor asks for it. */
  readonly keyId?: string | undefined
  readonly claims: Readonly<Record<string, string | number>>
}

/** A signed JSON Web Token (RFC 7519, in the compact form of RFC 7515). */
export function signJwt({ alg, keyId, claims }: JwtParts, key: KeyObject): string {
  const header = { alg, typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) }
  const text = `${base64url(header)}.${base64url(claims)}`
  // RFC 7518, 3.4: R and S beside each other, not in DER.
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
