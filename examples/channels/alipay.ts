import assert from 'node:assert/strict'
import { createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { alipay } from '@reachkit/channel-chat'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const app = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const gateway = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const success = '{"code":"10000","msg":"Success"}'
const sign = createSign('RSA-SHA256').update(success).sign(gateway.privateKey, 'base64')
const text = `{"alipay_open_app_mini_templatemessage_send_response":${success},"sign":"${sign}"}`

const orderPaid = message('order.paid', {
  content: { alipay: { template: 'MDI4YzIx', page: 'pages/order?id=A1', data: { keyword1: 'A1' }, formId: 'F1' } },
})

/** A template of a mini-program; either side checks the other's signature. */
export async function sendByAlipay(): Promise<void> {
  const vendor = await startHttpVendor({ answers: { accept: { text } } })
  const reach = createReach({
    messages: [orderPaid],
    channels: {
      alipay: alipay({
        appId: '2014072300007148',
        privateKey: app.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        alipayPublicKey: gateway.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        endpoint: `${vendor.url}/gateway.do`,
      }),
    },
  })
  const accepted = await reach.notify('order.paid', { alipay: '2088102122458832' })
  assert.equal((await accepted.settled()).outcome, 'sent')
  const [request] = vendor.requests
  const fields = new Map([...new URL(request?.url ?? '', vendor.url).searchParams, ...(request?.form ?? [])])
  const signature = fields.get('sign') ?? ''
  fields.delete('sign')
  const signed = [...fields].map(([name, value]) => `${name}=${value}`).toSorted()
  assert(createVerify('RSA-SHA256').update(signed.join('&')).verify(app.publicKey, signature, 'base64'))
  assert.deepEqual(JSON.parse(fields.get('biz_content') ?? ''), {
    to_user_id: '2088102122458832',
    form_id: 'F1',
    user_template_id: 'MDI4YzIx',
    page: 'pages/order?id=A1',
    data: '{"keyword1":{"value":"A1"}}',
  })
  await reach.stop()
  await vendor.close()
}
