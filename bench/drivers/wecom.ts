import { wecom } from '@reachkit/channel-wechat'
import { bareRow, post, width } from './vendor/vendor-row.js'

const text = 'Order A1 is paid: ¥99.00. It is on its way to you.'

export const wecomRow = bareRow({
  name: 'drivers/wecom',
  answer: '{"errcode":0,"errmsg":"ok","msgid":"msg-1"}',
  channel: (endpoint) => wecom({ endpoint, corpId: 'ww-acme', agentId: 1, secret: 'secret', concurrency: width }),
  to: 'ann',
  content: { text },
  bare: async (url) =>
    post(
      `${url}/cgi-bin/message/send?access_token=token-1`,
      JSON.stringify({ touser: 'ann', agentid: 1, msgtype: 'text', text: { content: text } }),
    ),
})
