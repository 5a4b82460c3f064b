import { channel, createReach, message, rejected, retry, sent, unknown, type Channel } from '@reachkit/core'
import type { DeliveryRequest } from '@reachkit/core'
import { sqlite } from '@reachkit/store-sql'
import { z } from 'zod'

declare global {
  interface ReachChannels {
    postbox: Channel<'postbox', string, { text: string }>
  }
}

/** What goes over the wire: many letters in one request, each with the key that its copies have too. */
export interface Letter {
  readonly to: string
  readonly text: string
  readonly key: string
}

/** A provider that drops what it has seen under the same key: after a crash it is safe to ask again. */
function postbox(url: string) {
  async function deliver(letters: readonly Letter[], context: { signal: AbortSignal; fetch: typeof fetch }) {
    const { ok, status } = await context.fetch(url, {
      method: 'POST',
      body: JSON.stringify(letters),
      signal: context.signal,
    })
    if (ok) return sent()
    if (status === 429) return retry()
    return status >= 500 ? unknown() : rejected(`http ${status}`)
  }
  return channel({
    name: 'postbox',
    address: z.string(),
    content: z.object({ text: z.string() }),
    capabilities: { deduplicates: true, batch: 500, concurrency: 4_000 },
    deliver: async (request, context) => deliver([letterOf(request)], context),
    async deliverBatch(requests, context) {
      const outcome = await deliver(requests.map(letterOf), context)
      return requests.map(() => outcome)
    },
  })
}

function letterOf({ to, content, idempotencyKey }: DeliveryRequest<string, { text: string }>): Letter {
  return { to, text: content.text, key: idempotencyKey }
}

const spring = message('spring', {
  data: z.object({ name: z.string(), city: z.string() }),
  content: { postbox: { text: 'Hello {{ name }} in {{ city }}' } },
})

/** The same in every process: whoever opens the file carries the task on. */
export function openReach({ file, url }: { readonly file: string; readonly url: string }) {
  return createReach({
    messages: [spring],
    channels: { postbox: postbox(url) },
    store: sqlite(file),
    lease: '1s', // a process that is silent for so long counts as dead
  })
}
