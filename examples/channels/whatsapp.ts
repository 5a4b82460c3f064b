import assert from 'node:assert/strict'
import { whatsapp } from '@reachkit/channel-chat'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const orderPaid = message('order.paid', {
  content: { whatsapp: { template: 'order_paid', language: 'en_US', body: ['A1'] } },
})

/** A template with one parameter, to a stand-in of the Cloud API. */
export async function sendByWhatsApp(): Promise<void> {
  const vendor = await startHttpVendor({ answers: { accept: { json: { messages: [{ id: 'wamid.A1' }] } } } })
  const reach = createReach({
    messages: [orderPaid],
    channels: {
      whatsapp: whatsapp({ phoneNumberId: '106540352242922', accessToken: 'secret', endpoint: vendor.url }),
    },
  })
  const accepted = await reach.notify('order.paid', { whatsapp: '+4915112345678' })
  assert.equal((await accepted.settled()).outcome, 'sent')
  const [request] = vendor.requests
  assert.equal(request?.headers['authorization'], 'Bearer secret')
  assert.deepEqual(request?.json, {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '+4915112345678',
    type: 'template',
    template: {
      name: 'order_paid',
      language: { code: 'en_US' },
      components: [{ type: 'body', parameters: [{ type: 'text', text: 'A1' }] }],
    },
  })
  await reach.stop()
  await vendor.close()
}
