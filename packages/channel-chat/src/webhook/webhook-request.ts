import { NotSentError } from '@reachkit/core/spec'
import type { HttpRequest } from '@reachkit/driver-kit'
import type { WebhookContent } from './webhook-content.js'
import { webhookKey, webhookSignature } from './webhook-signature.js'

export interface WebhookCall {
  readonly url: string
  /** The current one first. */
  readonly secrets: readonly string[]
  /** The same on every attempt: the receiver drops by it what it has already. */
  readonly id: string
  readonly content: WebhookContent
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** One call in the form of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com). */
export function webhookRequest({ url, secrets, id, content, now }: WebhookCall): HttpRequest {
  const { json, text, contentType = 'text/plain; charset=utf-8', headers } = content
  const body = text ?? JSON.stringify(json)
  const seconds = Math.floor(now / 1_000)
  return {
    method: 'POST',
    url,
    headers: {
      ...headers,
      'content-type': text === undefined ? 'application/json' : contentType,
      'idempotency-key': id,
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': secrets.map((secret) => webhookSignature(keyOf(secret), id, seconds, body)).join(' '),
    },
    body,
  }
}

function keyOf(secret: string): Buffer {
  const key = webhookKey(secret)
  if (key === undefined) throw new NotSentError('webhook a secret is not whsec_ and 24 to 64 bytes in base64')
  return key
}
