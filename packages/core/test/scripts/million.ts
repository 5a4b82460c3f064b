// Sends a million messages through the memory store, and prints the heap at 200,000 and at the end. Needs --expose-gc.
import { channel, createReach, memoryStore, message, sent } from '@reachkit/core'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

const lamp = channel({
  name: 'lamp',
  address: z.string(),
  content: z.object({ text: z.string() }),
  deliver: async ({ id }) => sent(`p-${id}`),
})
const ping = message('ping', {
  data: z.object({ code: z.string() }),
  dedupe: ({ code }) => code,
  content: { lamp: { text: 'Code {{ code }}' } },
})
const list = message('list', { content: { lamp: { text: 'x' } } })
const store = memoryStore({ retention: '300ms', keepDone: 20_000, dedupeFor: '300ms' })
const reach = createReach({ messages: [ping, list], channels: { lamp }, store })

let count = 0
/** A tenth of them one by one, the others in lists. */
async function send(messages: number): Promise<void> {
  for (let done = 0; done < messages; done += 5_000) {
    const to = Array.from({ length: 4_500 }, () => ({ lamp: `l${(count += 1)}` }))
    const many = reach.notify('list', to)
    const single = Array.from({ length: 500 }, async () =>
      reach.notify('ping', { lamp: `l${(count += 1)}` }, { code: `c${count}` }),
    )
    const last = single.at(-1)?.then((accepted) => accepted.settled())
    await Promise.all([many, ...single, last])
  }
}

async function heap(): Promise<number> {
  await reach.drain()
  for (let round = 0; round < 5; round += 1) {
    await wait(320)
    await send(5_000)
  }
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

await send(200_000)
const early = await heap()
await send(800_000)
const late = await heap()
console.log(JSON.stringify({ count, early, late, grown: late - early }))
await reach.stop()
