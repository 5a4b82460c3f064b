import { createHmac } from 'node:crypto'
import { feishu } from '@reachkit/channel-chat'
import { bareRow, postJson, width } from './vendor/vendor-row.js'

const text = 'Order A1 is paid: ¥99.00. It is on its way to you.'

export const feishuRow = bareRow({
  name: 'drivers/feishu',
  answer: JSON.stringify({ code: 0, msg: 'success', data: {} }),
  channel: (url) => feishu({ robots: { ops: { url: `${url}/hook`, secret: 'demo' } }, concurrency: width }),
  to: 'ops',
  content: { text },
  bare: async (url) => {
    const timestamp = String(Math.floor(Date.now() / 1_000))
    const sign = createHmac('sha256', `${timestamp}\ndemo`).digest('base64')
    const content = { post: { zh_cn: { content: [[{ tag: 'text', text }]] } } }
    return postJson(`${url}/hook`, { timestamp, sign, msg_type: 'post', content })
  },
})
