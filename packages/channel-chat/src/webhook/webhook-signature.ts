import { createHmac } from 'node:crypto'

/** The key of a secret `whsec_...`: 24 to 64 bytes in base64; undefined where it is none. */
export function webhookKey(secret: string): Buffer | undefined {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  const key = base64 === undefined ? undefined : Buffer.from(base64, 'base64')
  return key !== undefined && key.length >= 24 && key.length <= 64 ? key : undefined
}

/** One signature (Standard Webhooks 1.0.0, "Signature scheme": https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). */
export function webhookSignature(key: Buffer, id: string, seconds: number, body: string): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
}
