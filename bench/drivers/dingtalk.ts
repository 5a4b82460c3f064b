import { createHmac } from 'node:crypto'
import { dingtalk } from '@reachkit/channel-chat'
import { bareRow, postJson, width } from './vendor/vendor-row.js'

const text = 'Order A1 is paid: ¥99.00. It is on its way to you.'

export const dingtalkRow = bareRow({
  name: 'drivers/dingtalk',
  answer: JSON.stringify({ errcode: 0, errmsg: 'ok' }),
  channel: (url) =>
    dingtalk({ robots: { ops: { url: `${url}/send?access_token=x`, secret: 'SECx' } }, concurrency: width }),
  to: 'ops',
  content: { text },
  bare: async (url) => {
    const now = Date.now()
    const sign = encodeURIComponent(createHmac('sha256', 'SECx').update(`${now}\nSECx`).digest('base64'))
    const target = `${url}/send?access_token=x&timestamp=${now}&sign=${sign}`
    return postJson(target, { msgtype: 'text', text: { content: text } })
  },
})
