import { audience } from '@reachkit/core'
import { z } from 'zod'
import { pageAsked } from '../sink/messages.js'
import { recipientId } from './recipient-id.js'
import { SinkConnection } from './sink-connection.js'

/**
 * The first so many recipients, by pages. Behind the first page each begins with somebody who was on the page before. The
 * sink is asked for each page, and answers a little later: so it sees who reads.
 */
export function everyone(port: number, worker: string) {
  const source = new SinkConnection(port, worker)
  return audience('everyone', {
    args: z.object({ count: z.number(), pageSize: z.number() }),
    async page({ count, pageSize }, { cursor }, { signal }) {
      await source.send(pageAsked, cursor === '' ? '0' : cursor, signal)
      const start = Number(cursor)
      const end = Math.min(count, start + pageSize)
      const first = Math.max(0, start - 1)
      const items = Array.from({ length: end - first }, (_, offset) => recipientId(first + offset))
      return end < count ? { items, next: String(end) } : { items }
    },
  })
}
