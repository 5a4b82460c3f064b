import { whatsapp } from '@reachkit/channel-chat'
import { bareRow, postJson, width } from './vendor/vendor-row.js'

const to = '+4915112345678'

export const whatsappRow = bareRow({
  name: 'drivers/whatsapp',
  answer: JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id: 'wamid.A1', message_status: 'accepted' }] }),
  channel: (endpoint) =>
    whatsapp({ phoneNumberId: '106540352242922', accessToken: 'secret', endpoint, concurrency: width }),
  to,
  content: { template: 'order_paid', language: 'en_US', body: ['A1', '¥99.00'] },
  bare: async (url) => {
    const parameters = ['A1', '¥99.00'].map((text) => ({ type: 'text', text }))
    const template = { name: 'order_paid', language: { code: 'en_US' }, components: [{ type: 'body', parameters }] }
    const body = { messaging_product: 'whatsapp', recipient_type: 'individual', to, type: 'template', template }
    return postJson(`${url}/v24.0/106540352242922/messages`, body, { authorization: 'Bearer secret' })
  },
})
