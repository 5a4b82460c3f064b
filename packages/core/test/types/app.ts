// An app as its authors write it. Nothing of this runs: it has to compile, and `mistakes.ts` builds on it.
import * as v from 'valibot'
import { z } from 'zod'
import { channel, failover, weighted } from '../../src/channel/index.js'
import { message } from '../../src/message/index.js'
import type { CreateReach } from '../../src/reach/types.js'
import { all, firstOf, split } from '../../src/route/index.js'
import { rejected, retry, sent, unknown } from '../../src/spec/index.js'
import { acme, feed, smtp, sqlite, zenith } from './channels.js'

export declare const createReach: CreateReach
const url = 'https://beeper.example/send'

/** The pager of the design, as it stands there but for its name. */
export const beeper = channel({
  name: 'beeper',
  address: z.string(),
  content: z.object({ text: z.string(), level: z.enum(['low', 'high']) }),
  async deliver({ to, content, idempotencyKey }, { signal, fetch }) {
    const body = JSON.stringify({ to, text: content.text, key: idempotencyKey })
    const r = await fetch(url, { method: 'POST', signal, body })
    if (r.ok) return sent((await r.json()).id)
    return r.status === 429 ? retry() : r.status >= 500 ? unknown() : rejected(`http ${r.status}`)
  },
})

declare global {
  interface ReachChannels {
    beeper: typeof beeper
  }
}

export const orderPaid = message('order.paid', {
  data: z.object({ orderId: z.string(), amount: z.string() }),
  purpose: 'transactional',
  category: 'orders',
  priority: 'P1',
  ttl: '2h',
  dedupe: (d) => d.orderId,
  content: {
    feed: { title: 'Order {{ orderId }} is paid', body: '{{ amount }}' },
    mail: (d) => ({ subject: `Order ${d.orderId}`, html: '<p>Thank you</p>' }),
    text: {
      text: 'Paid {{ amount | upcase }}, {{ recipient.locale }}',
      vendors: {
        acme: { template: 'SMS_1', params: { id: '{{ orderId }}' } },
        zenith: { template: '9', params: ['{{ orderId }}'] },
      },
    },
    beeper: { text: 'x', level: 'high' },
  },
  route: all('feed', firstOf('mail', split(['text', 70], ['beeper', 30])).unless('delivered', { within: '10m' })),
})

/** Content stands before the data that it is a function of. */
export const late = message('late', {
  content: { text: (d) => ({ text: d.code, vendors: { acme: { template: 'x' }, zenith: { template: 'y' } } }) },
  dedupe: (d) => d.code,
  data: v.object({ code: v.string() }),
  route: 'text',
  retry: { attempts: 3, base: '2s' },
})

export const ping = message('ping', { content: { mail: { subject: 'x' } } })

export const reach = createReach({
  messages: [orderPaid, late, ping],
  channels: {
    mail: failover(smtp({ url: '', from: '' })),
    text: weighted([acme({ key: '' }), 70], [zenith({ key: '' }), 30]).stickyBy('recipient'),
    feed: feed(),
    beeper,
  },
  directory: async (ids) => ids.map((id) => ({ id, addresses: { mail: 'a', text: '1' } })),
  store: sqlite('reach.db'),
  worker: true,
  allow: ['*@example.com'],
})
