import { officialAccount } from '@reachkit/channel-wechat'
import { bareRow, post, width } from './vendor/vendor-row.js'

const data = { character_string1: '2026060100001', amount2: '¥99.00', thing3: '巧克力' }
const values = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, { value }]))

export const officialAccountRow = bareRow({
  name: 'drivers/officialAccount',
  answer: '{"errcode":0,"errmsg":"ok","msgid":200228332}',
  channel: (endpoint) =>
    officialAccount({ endpoint, appId: 'wx0123456789abcdef', appSecret: 'secret', concurrency: width }),
  to: { officialAccount: 'openid-1' },
  content: { vendors: { officialAccount: { template: 'tpl-1', data } } },
  bare: async (url) =>
    post(
      `${url}/cgi-bin/message/template/send?access_token=token-1`,
      JSON.stringify({ touser: 'openid-1', template_id: 'tpl-1', client_msg_id: 'key-1', data: values }),
    ),
})
