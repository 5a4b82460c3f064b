import '@reachkit/channel-email'
import './pager.js'
import { firstOf, message } from '@reachkit/core'
import { z } from 'zod'

/** Plain `{{ }}`; the same order twice is one message. */
export const orderPaid = message('order.paid', {
  data: z.object({ orderId: z.string(), amount: z.string() }),
  category: 'orders',
  priority: 'P1',
  dedupe: (data) => data.orderId,
  content: {
    email: { subject: 'Order {{ orderId }} is paid', text: 'Thank you. We have received {{ amount }}.' },
  },
})

/** A one-time password: P0 and a ttl of five minutes, because of its category. */
export const loginCode = message('login.code', {
  data: z.object({ code: z.string() }),
  category: 'otp',
  content: { email: { subject: '{{ code }} is your code', text: 'It is good for five minutes.' } },
})

/** A function of the data instead of a template. */
export const cartReminder = message('cart.reminder', {
  data: z.object({ items: z.array(z.string()) }),
  purpose: 'care',
  content: {
    email: ({ items }) => ({ subject: `${items.length} things are in your cart`, text: items.join('\n') }),
  },
})

/** Pages whoever has a pager, and mails the others. */
export const serverDown = message('server.down', {
  data: z.object({ server: z.string() }),
  priority: 'P0',
  content: {
    pager: { text: '{{ server }} is down' },
    email: { subject: '{{ server }} is down', text: 'It has not answered for a minute.' },
  },
  route: firstOf('pager', 'email'),
})

/** Liquid, with filters and a loop; one mail a season for each recipient. */
export const seasonSale = message('season.sale', {
  data: z.object({
    season: z.string(),
    name: z.string(),
    city: z.string(),
    offers: z.array(z.object({ title: z.string(), cents: z.number() })),
  }),
  purpose: 'marketing',
  category: 'offers',
  priority: 'P3',
  dedupe: (data) => data.season,
  content: {
    email: {
      subject: '{{ name | default: "Dear customer" }}, {{ season }} is here',
      html: `<p>Hello {{ name | default: "dear customer" }}{% if city != "" %} in {{ city }}{% endif %},</p>
<ul>{% for offer in offers %}
  <li>{{ offer.title }}: {{ offer.cents | divided_by: 100.0 }} €</li>{% endfor %}
</ul>`,
    },
  },
})
