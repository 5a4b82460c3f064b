// An address and a message of each channel, as the test of a new driver writes them: `address` is in `to`, `text` in `content`.
const phone = { address: '+4915112345678', to: 'address', content: '{ text }' }
const group = { address: 'people-of-ops', to: 'address', content: '{ text }' }

export const samples = {
  alipay: {
    address: '2088102122458832',
    to: 'address',
    content: `{ template: 'tpl-1', page: 'pages/order', data: { keyword1: text } }`,
  },
  dingtalk: group,
  email: { address: 'ann@mail.example', to: 'address', content: `{ subject: 'Your order', text }` },
  feishu: group,
  push: { address: 'token-4711-of-a-phone', to: '{ fcm: address }', content: '{ body: text }' },
  slack: group,
  sms: phone,
  telegram: { address: '4711000815', to: 'address', content: '{ text }' },
  voice: phone,
  webhook: { address: 'https://shop.example/of-ann', to: 'address', content: '{ text }' },
  wechat: {
    address: 'openid-of-ann',
    to: '{ officialAccount: address }',
    content: `{ vendors: { officialAccount: { template: 'tpl-1', data: { thing1: text } } } }`,
  },
  whatsapp: { ...phone, content: `{ template: 'order_paid', language: 'en_US', body: [text] }` },
}
