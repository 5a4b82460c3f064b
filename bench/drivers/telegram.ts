import { telegram } from '@reachkit/channel-chat'
import { bareRow, postJson, width } from './vendor/vendor-row.js'

const html = 'Order <b>A1</b> is paid: <b>¥99.00</b>. It is on its way to you.'

export const telegramRow = bareRow({
  name: 'drivers/telegram',
  answer: JSON.stringify({ ok: true, result: { message_id: 42, date: 1_614_265_330, chat: { id: 4711 } } }),
  channel: (endpoint) => telegram({ token: '1:a', endpoint, concurrency: width }),
  to: '4711',
  content: { html },
  bare: async (url) => postJson(`${url}/bot1:a/sendMessage`, { chat_id: '4711', text: html, parse_mode: 'HTML' }),
})
