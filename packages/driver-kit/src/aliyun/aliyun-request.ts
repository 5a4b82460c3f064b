import { randomBytes } from 'node:crypto'
import type { HttpRequest } from '../http/http-request.js'
import { acs3Headers, type Acs3Key, acs3Query } from './acs3.js'

/** A call of an API of Aliyun of the style RPC. Fields that are undefined are left out. */
export interface AliyunCall {
  /** `https://dysmsapi.aliyuncs.com`. */
  readonly endpoint: string
  readonly action: string
  /** `2017-05-25`. */
  readonly version: string
  /** Parameters whose place is `query` in the API's description. */
  readonly query?: Readonly<Record<string, string | undefined>>
  /** Parameters whose place is `formData`. */
  readonly form?: Readonly<Record<string, string | undefined>>
}

/** The signed request of a call, good for 15 minutes from `now`. A nonce is made by chance unless one is given. */
export function aliyunRequest(
  { endpoint, action, version, query = {}, form }: AliyunCall,
  key: Acs3Key,
  now: number,
  nonce: string = randomBytes(16).toString('hex'),
): HttpRequest {
  const { host, pathname } = new URL(endpoint)
  const text = acs3Query(query)
  const body = form === undefined ? '' : acs3Query(form)
  const signed = {
    method: 'POST',
    host,
    path: pathname,
    query: text,
    body,
    action,
    version,
    ...(form !== undefined && { contentType: 'application/x-www-form-urlencoded' }),
  }
  return {
    method: 'POST',
    url: `${new URL(endpoint).origin}${pathname}${text === '' ? '' : `?${text}`}`,
    headers: { accept: 'application/json', ...acs3Headers(signed, key, { now, nonce }) },
    body,
  }
}
