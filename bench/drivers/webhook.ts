import { createHmac } from 'node:crypto'
import { webhook } from '@reachkit/channel-chat'
import { bareRow, postJson, width } from './vendor/vendor-row.js'

const key = Buffer.alloc(32, 7)
const json = { type: 'order.paid', data: { id: 'A1', amount: '¥99.00' } }

export const webhookRow = bareRow({
  name: 'drivers/webhook',
  answer: '{}',
  channel: (url) =>
    webhook({
      secret: `whsec_${key.toString('base64')}`,
      endpoints: { crm: { url: `${url}/hook` } },
      allowPrivate: true,
      concurrency: width,
    }),
  to: 'crm',
  content: { json },
  bare: async (url) => {
    const seconds = Math.floor(Date.now() / 1_000)
    const signed = `msg_1.${seconds}.${JSON.stringify(json)}`
    const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(seconds), 'webhook-signature': signature }
    return postJson(`${url}/hook`, json, headers)
  },
})
