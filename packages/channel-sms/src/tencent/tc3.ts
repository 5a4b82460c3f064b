import { createHash, createHmac } from 'node:crypto'

/** A call of an API of Tencent Cloud (version 3). */
export interface Tc3Call {
  /** `https://sms.tencentcloudapi.com`. */
  readonly endpoint: string
  /** `sms`, as the signature names it. */
  readonly service: string
  readonly action: string
  readonly version: string
  readonly region: string
  /** JSON, as it is sent. */
  readonly body: string
}

export interface Tc3Key {
  readonly secretId: string
  readonly secretKey: string
  /** The token of a key that ends by itself. */
  readonly token?: string
}

const algorithm = 'TC3-HMAC-SHA256'
const contentType = 'application/json; charset=utf-8'

/**
 * The headers of a signed call, by TC3-HMAC-SHA256 (Tencent Cloud, "Signature v3",
 * https://www.tencentcloud.com/document/product/213/33224). `host` is not among them: whoever sends the request writes it.
 * `now` is in milliseconds; a signature is good for five minutes.
 */
export function tc3Headers(call: Tc3Call, key: Tc3Key, now: number): Record<string, string> {
  const { endpoint, service, action, version, region, body } = call
  const timestamp = String(Math.floor(now / 1_000))
  const date = new Date(now).toISOString().slice(0, 10)
  const scope = `${date}/${service}/tc3_request`
  const { host } = new URL(endpoint)
  const lines = `content-type:${contentType}\nhost:${host}\nx-tc-action:${action.toLowerCase()}\n`
  const names = 'content-type;host;x-tc-action'
  const canonical = ['POST', '/', '', lines, names, sha256(body)].join('\n')
  const signature = hmac(
    signingKey(key.secretKey, date, service),
    [algorithm, timestamp, scope, sha256(canonical)].join('\n'),
  )
  return {
    'content-type': contentType,
    'x-tc-action': action,
    'x-tc-version': version,
    'x-tc-region': region,
    'x-tc-timestamp': timestamp,
    ...(key.token !== undefined && { 'x-tc-token': key.token }),
    authorization: `${algorithm} Credential=${key.secretId}/${scope}, SignedHeaders=${names}, Signature=${signature.toString('hex')}`,
  }
}

function signingKey(secretKey: string, date: string, service: string): Buffer {
  return hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
