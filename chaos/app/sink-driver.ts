import { channel } from '@reachkit/core'
import { z } from 'zod'
import { SinkConnection } from './sink-connection.js'

/** Messages that one worker has in flight at most. */
export const driverConcurrency = 50

/** What is sent through the sink; the address is the recipient's number. */
export function sinkChannel(port: number, worker: string, deduplicates: boolean) {
  const connection = new SinkConnection(port, worker)
  return channel({
    name: 'sink',
    address: z.string(),
    content: z.object({ text: z.string() }),
    capabilities: { deduplicates, concurrency: driverConcurrency, timeoutMs: 10_000 },
    deliver: async ({ to, idempotencyKey }, { signal }) => connection.send(to, idempotencyKey, signal),
    close: async () => connection.close(),
  })
}

declare global {
  interface ReachChannels {
    sink: ReturnType<typeof sinkChannel>
  }
}
