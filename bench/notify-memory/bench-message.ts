import { channel, message, sent } from '@reachkit/core'
import { z } from 'zod'

/** A channel whose every attempt succeeds at once: what is left is Reachkit's own work. */
export const nowhere = channel({
  name: 'nowhere',
  address: z.string(),
  content: z.object({ subject: z.string(), text: z.string() }),
  deliver: async () => sent('nowhere-1'),
})

declare global {
  interface ReachChannels {
    nowhere: typeof nowhere
  }
}

/** The bench message of all stores: 344 bytes of JSON in 10 fields, a dedupe key, two content fields of three variables. */
export const orderPaid = message('order.paid', {
  data: z.object({
    orderId: z.string(),
    customer: z.string(),
    amount: z.string(),
    currency: z.string(),
    shop: z.string(),
    items: z.number(),
    express: z.boolean(),
    paidAt: z.string(),
    link: z.string(),
    delivery: z.object({ street: z.string(), city: z.string(), country: z.string() }),
  }),
  dedupe: ({ orderId }) => orderId,
  content: {
    nowhere: {
      subject: '{{ shop }}: order {{ orderId }} is paid, {{ amount }}',
      text: 'Dear {{ customer }}, {{ items }} items are on their way. See {{ link }} for all that you may want to know.',
    },
  },
})

const template = {
  customer: 'Ann-Kathrin Weißhaupt',
  amount: '1,299.00',
  currency: 'CNY',
  shop: 'Paper Boat, SZ',
  items: 3,
  express: false,
  paidAt: '2026-06-01T10:15:00.000Z',
  delivery: { street: 'Fuhua 3rd Road 38, Futian', city: 'Shenzhen', country: 'China' },
}

/** The data of the nth message of this process; no two are the same. */
export function orderOf(n: number) {
  const orderId = `A-2026-${String(n).padStart(9, '0')}`
  return { orderId, ...template, link: `https://paperboat.example/orders/${orderId}?from=mail` }
}

const bytes = Buffer.byteLength(JSON.stringify(orderOf(0)))
if (bytes !== 344) throw new Error(`The bench message has 344 bytes, not ${bytes}.`)

/** The same content as the templates above give, for peers that render nothing. */
export const readyContent = {
  subject: 'Paper Boat, SZ: order A-2026-000000001 is paid, 1,299.00',
  text: 'Dear Ann-Kathrin Weißhaupt, 3 items are on their way. See https://paperboat.example/orders/A-2026-000000001?from=mail for all that you may want to know.',
}
