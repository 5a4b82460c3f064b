import { createReach, message } from '@reachkit/core'
import { z } from 'zod'
import { acme, type AcmeOptions } from './acme.js'

const orderPaid = message('order.paid', {
  data: z.object({ orderId: z.string(), amount: z.string() }),
  dedupe: (data) => data.orderId,
  content: { email: { subject: 'Order {{ orderId }} is paid', text: 'We have received {{ amount }}.' } },
})

export type AppReach = ReturnType<typeof openReach>

export function openReach(options: AcmeOptions) {
  return createReach({ messages: [orderPaid], channels: { email: acme(options) } })
}
