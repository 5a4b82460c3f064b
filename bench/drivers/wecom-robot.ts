import { wecomRobot } from '@reachkit/channel-wechat'
import { bareRow, post, width } from './vendor/vendor-row.js'

const text = 'Order A1 is paid: ¥99.00. It is on its way to you.'

export const wecomRobotRow = bareRow({
  name: 'drivers/wecomRobot',
  answer: '{"errcode":0,"errmsg":"ok"}',
  channel: (endpoint) => wecomRobot({ endpoint, robots: { ops: 'key-1' }, concurrency: width }),
  to: 'ops',
  content: { text },
  bare: async (url) =>
    post(`${url}/cgi-bin/webhook/send?key=key-1`, JSON.stringify({ msgtype: 'text', text: { content: text } })),
})
