// A process of an application that runs tasks: it reads their audience and sends, beside another one like it.
import { audience, channel, column, createReach, message, sent } from '@reachkit/core'
import { z } from 'zod'
import { orderOf, orderPaid } from '../notify-memory/bench-message.js'
import { answer, given } from '../processes/answer.js'
import { openStore } from '../stores/open.js'
import type { StoreName } from '../stores/servers.js'

const { store, url } = given as { readonly store: StoreName; readonly url: string }
const people = 10_000
const urgentMs: number[] = []
let sentSoFar = 0

/** The same for all processes of a machine. */
function machineMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

const nowhere = channel({
  name: 'nowhere',
  address: z.string(),
  content: z.object({ subject: z.string(), text: z.string() }),
  // As many as a vendor of campaigns takes at once: a slice of messages is as large.
  capabilities: { concurrency: 1_000 },
  deliver: async ({ content, type }) => {
    sentSoFar += 1
    if (type === 'code.login') urgentMs.push(machineMs() - Number(content.text))
    // Vendors give each message an id of its own, and history finds it by that.
    return sent(`${process.pid}-${sentSoFar}`)
  },
})

const code = message('code.login', {
  data: z.object({ at: z.string() }),
  priority: 'P0',
  content: { nowhere: { subject: 'Your code', text: '{{ at }}' } },
})

/** So many customers, each with an order, as a table would answer them: by keyset. */
const customers = audience('customers', {
  args: z.object({ size: z.number() }),
  async page({ size }, { cursor, limit }) {
    const from = cursor === '' ? 0 : Number(cursor)
    const to = Math.min(size, from + limit)
    const items = Array.from({ length: to - from }, (_, index) => ({
      id: `user-${from + index}`,
      columns: orderOf(from + index),
    }))
    return { items, next: to < size ? String(to) : undefined }
  },
  count: async ({ size }) => size,
})

const reach = createReach({
  messages: [orderPaid, code],
  channels: { nowhere },
  audiences: [customers],
  directory: async (ids) => ids.map((id) => ({ id, addresses: { nowhere: `address-${id}` } })),
  ...openStore(store, url),
  logger: { debug() {}, info() {}, warn: complain, error: complain },
})

let complaints = 0
/** The first of them are enough to see that a measure is none. */
function complain(fields: object, text: string): void {
  if (complaints++ < 5) console.error(`${process.pid}: ${text} ${JSON.stringify(fields)}`)
}

const data = {
  orderId: column('orderId'),
  customer: column('customer'),
  amount: column('amount'),
  currency: column('currency'),
  shop: column('shop'),
  items: column('items'),
  express: column('express'),
  paidAt: column('paidAt'),
  link: column('link'),
  delivery: column('delivery'),
}

answer(
  {
    start: async () => reach.start(),
    /** Creates a task and answers how long it took until it was done, and what came of it. */
    task: async ({ size, tenant, number }: { size: number; tenant: string; number: string }) => {
      const start = performance.now()
      const task = await reach.tasks.create({
        number,
        tenant,
        message: 'order.paid',
        audience: customers({ size }),
        data,
      })
      const { messages, state, why } = await task.done()
      return { ms: performance.now() - start, messages, state, why }
    },
    /** One urgent message each `everyMs`, until told to stop. */
    urgent: async ({ count, everyMs }: { count: number; everyMs: number }) => {
      for (let n = 0; n < count; n += 1) {
        void reach.notify('code.login', `user-${n % people}`, { at: String(machineMs()) })
        await new Promise((resolve) => setTimeout(resolve, everyMs))
      }
    },
    times: () => urgentMs,
    sent: () => sentSoFar,
  },
  async () => reach.stop({ timeout: '5s' }),
)
