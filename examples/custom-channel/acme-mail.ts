import '@reachkit/channel-email'
import { driver, invalidAddress, NotSentError, rejected, retry, sent, unknown } from '@reachkit/core'

/** A provider of one's own for a channel that exists: its addresses and content have the types of that channel. */
export function acmeMail({ url, apiKey }: { readonly url: string; readonly apiKey: string }) {
  return driver('email', {
    provider: 'acme',
    // What a template puts into HTML is escaped, as in every mail.
    html: ['html'],
    // Acme drops a second request with the same key: so a mail that may have gone out can be sent again.
    capabilities: { deduplicates: true, concurrency: 10, timeoutMs: 5_000 },
    async deliver({ to, content, idempotencyKey }, { signal, fetch }) {
      const { subject, text, html } = content
      const response = await fetch(url, {
        method: 'POST',
        signal,
        headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': idempotencyKey },
        body: JSON.stringify({ to, subject, text, html }),
      }).catch((error: unknown) => {
        if (isRefused(error)) throw new NotSentError('acme refuses connections', { cause: error })
        throw error
      })
      if (response.ok) return sent((await response.json()).id)
      if (response.status === 429) return retry(Number(response.headers.get('retry-after') ?? 0) * 1_000, 'http 429')
      if (response.status === 422) return invalidAddress('acme: no such mailbox')
      return response.status >= 500 ? unknown(`http ${response.status}`) : rejected(`http ${response.status}`)
    },
  })
}

/** Nobody listens there: the request certainly never left. Any other failure may have come after it was sent. */
function isRefused(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    error.cause instanceof Error &&
    'code' in error.cause &&
    error.cause.code === 'ECONNREFUSED'
  )
}
