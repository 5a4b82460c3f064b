import { createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { alipay } from '@reachkit/channel-chat'
import { bareRow, width } from './vendor/vendor-row.js'

const { privateKey: app } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const gateway = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const success = '{"code":"10000","msg":"Success"}'
const signature = createSign('RSA-SHA256').update(success).sign(gateway.privateKey, 'base64')

export const alipayRow = bareRow({
  name: 'drivers/alipay',
  answer: `{"alipay_open_app_mini_templatemessage_send_response":${success},"sign":"${signature}"}`,
  channel: (endpoint) =>
    alipay({
      appId: '2014072300007148',
      privateKey: app.export({ type: 'pkcs8', format: 'pem' }).toString(),
      alipayPublicKey: gateway.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      endpoint: `${endpoint}/gateway.do`,
      concurrency: width,
    }),
  to: '2088102122458832',
  content: { template: 'MDI4YzIx', page: 'pages/order?id=A1', data: { keyword1: 'A1' } },
  bare,
})

/** Signs, sends and verifies, as the vendor's own client does. */
async function bare(url: string): Promise<string> {
  const data = JSON.stringify({ keyword1: { value: 'A1' } })
  const content = { to_user_id: '2088102122458832', user_template_id: 'MDI4YzIx', page: 'pages/order?id=A1', data }
  const biz_content = JSON.stringify(content)
  const common = {
    app_id: '2014072300007148',
    charset: 'utf-8',
    method: 'alipay.open.app.mini.templatemessage.send',
    sign_type: 'RSA2',
    timestamp: new Date().toISOString().slice(0, 19).replace('T', ' '),
    version: '1.0',
  }
  const signed = Object.entries({ ...common, biz_content }).map(([name, value]) => `${name}=${value}`)
  const sign = createSign('RSA-SHA256').update(signed.toSorted().join('&')).sign(app, 'base64')
  const body = new URLSearchParams({ biz_content })
  const response = await fetch(`${url}/gateway.do?${String(new URLSearchParams({ ...common, sign }))}`, {
    method: 'POST',
    body,
  })
  const text = await response.text()
  const given = createVerify('RSA-SHA256').update(success).verify(gateway.publicKey, signature, 'base64')
  return given ? text : 'not signed'
}
