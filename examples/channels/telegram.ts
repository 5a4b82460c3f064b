import assert from 'node:assert/strict'
import { telegram } from '@reachkit/channel-chat'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const orderPaid = message('order.paid', {
  content: {
    telegram: {
      html: 'Order <b>A1</b> is paid.',
      buttons: [[{ text: 'Open', url: 'https://shop.example/orders/A1' }]],
    },
  },
})

/** A bot's message with a button, to a stand-in of the Bot API. */
export async function sendByTelegram(): Promise<void> {
  const vendor = await startHttpVendor({ answers: { accept: { json: { ok: true, result: { message_id: 42 } } } } })
  const reach = createReach({
    messages: [orderPaid],
    channels: { telegram: telegram({ token: '123456:secret', endpoint: vendor.url }) },
  })
  const accepted = await reach.notify('order.paid', { telegram: 4711 })
  assert.equal((await accepted.settled()).outcome, 'sent')
  const [request] = vendor.requests
  assert.equal(request?.url, '/bot123456:secret/sendMessage')
  assert.deepEqual(request?.json, {
    chat_id: '4711',
    text: 'Order <b>A1</b> is paid.',
    parse_mode: 'HTML',
    reply_markup: { inline_keyboard: [[{ text: 'Open', url: 'https://shop.example/orders/A1' }]] },
  })
  await reach.stop()
  await vendor.close()
}
