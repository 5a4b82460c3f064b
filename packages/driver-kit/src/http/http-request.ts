import { targetOf } from './target.js'

/** One request to a vendor. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** A request whose url and headers can be written as they are. */
export interface CheckedRequest extends HttpRequest {
  readonly target: URL
  readonly headers: Readonly<Record<string, string>>
}

/** The form of a POST with a JSON body. */
export function jsonRequest(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}

/** The form of a POST with the fields of an HTML form; a field that is undefined is left out. */
export function formRequest(
  url: string,
  fields: Readonly<Record<string, string | undefined>>,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest {
  const body = queryText(fields)
  return { method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body }
}

/** `a=1&b=2`, escaped; a field that is undefined is left out. */
export function queryText(fields: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.append(name, value)
  return query.toString()
}

/** The value of an Authorization header by user and password. */
export function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** Why a request cannot be written as it is. */
export interface Unwritable {
  readonly reason: 'url invalid' | 'header invalid'
  /** The header holds a key or a token: every message meets the same. */
  readonly isCredential: boolean
}

/** Answers the request as it may be written, or why it may not. */
export function checkRequest(request: HttpRequest): CheckedRequest | Unwritable {
  const { headers = {} } = request
  const target = targetOf(request.url)
  if (target === undefined) return { reason: 'url invalid', isCredential: false }
  const wrong = Object.entries(headers).find(([name, value]) => !isHeaderName(name) || !isHeaderValue(value))
  if (wrong !== undefined) return { reason: 'header invalid', isCredential: isCredentialHeader(wrong[0]) }
  return { ...request, headers, target }
}

/** By its name: `authorization`, `x-amz-security-token`, `api-key`. */
function isCredentialHeader(name: string): boolean {
  return /(authorization|token|secret|signature|(?<!idempotency-)key)$/i.test(name)
}

function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name)
}

/** Visible ASCII, spaces and tabs (RFC 9110, 5.5): no line break, and nothing that is written as another byte. */
function isHeaderValue(value: unknown): boolean {
  return typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value)
}
