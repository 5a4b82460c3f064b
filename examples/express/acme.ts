import '@reachkit/channel-email'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { driver, rejected, retry, sent, unknown, type Receipt, type WebhookRequest } from '@reachkit/core'
import { z } from 'zod'

export interface AcmeOptions {
  readonly url: string
  /** Signs what Acme posts to our webhook. */
  readonly secret: string
}

const events = z.array(z.object({ id: z.string(), event: z.enum(['delivered', 'bounced']) }))

/** A mail provider with webhooks. */
export function acme({ url, secret }: AcmeOptions) {
  return driver('email', {
    provider: 'acme',
    html: ['html'],
    receipts: receiptsOf(secret),
    async deliver({ to, content }, { signal, fetch }) {
      const response = await fetch(url, { method: 'POST', signal, body: JSON.stringify({ to, ...content }) })
      if (response.ok) return sent((await response.json()).id)
      if (response.status === 429) return retry()
      return response.status >= 500 ? unknown() : rejected(`http ${response.status}`)
    },
  })
}

/** Reads Acme's webhooks: `verify` before `parse`. */
export function receiptsOf(secret: string) {
  return {
    verify({ headers, body }: WebhookRequest): boolean {
      const given = Buffer.from(String(headers['x-acme-signature'] ?? ''), 'hex')
      const right = createHmac('sha256', secret).update(body).digest()
      return given.length === right.length && timingSafeEqual(given, right)
    },
    parse({ body }: WebhookRequest): readonly Receipt[] {
      const parsed = events.parse(JSON.parse(Buffer.from(body).toString()))
      return parsed.map(({ id, event }) => ({ providerId: id, provider: 'acme', channel: 'email', kind: event }))
    },
  }
}
