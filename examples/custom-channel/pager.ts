import { channel, rejected, retry, sent, unknown, type Channel } from '@reachkit/core'
import { z } from 'zod'

declare global {
  interface ReachChannels {
    pager: Channel<'pager', string, { text: string }>
  }
}

/** A channel of the app's own. One attempt, four outcomes; core retries, waits and gives up. */
export function pager(url: string) {
  return channel({
    name: 'pager',
    address: z.string(),
    content: z.object({ text: z.string() }),
    async deliver({ to, content, idempotencyKey }, { signal, fetch }) {
      const body = JSON.stringify({ to, text: content.text, key: idempotencyKey })
      const response = await fetch(url, { method: 'POST', signal, body })
      if (response.ok) return sent((await response.json()).id)
      if (response.status === 429) return retry()
      return response.status >= 500 ? unknown() : rejected(`http ${response.status}`)
    },
  })
}
