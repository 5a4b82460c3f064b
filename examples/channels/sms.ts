import assert from 'node:assert/strict'
import { aliyun, httpSms, sns, tencent, twilio } from '@reachkit/channel-sms'
import { createReach, message, weighted } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const orderPaid = message('order.paid', {
  content: {
    sms: {
      text: 'Order A1 is paid.',
      vendors: {
        aliyun: { template: 'SMS_1', params: { id: 'A1' } },
        tencent: { template: '1110', params: ['A1'] },
      },
    },
  },
})
const to = { sms: '+8615900001234' }

/** One type by two vendors of China, each with its own template, to stand-ins of their APIs. */
export async function smsByTemplates(): Promise<void> {
  const ali = await startHttpVendor({ answers: { accept: { json: { Code: 'OK', BizId: '9006^0' } } } })
  const status = { SerialNo: '5000:1', PhoneNumber: to.sms, Fee: 1, Code: 'Ok' }
  const ten = await startHttpVendor({ answers: { accept: { json: { Response: { SendStatusSet: [status] } } } } })
  const keys = { accessKeyId: 'id', accessKeySecret: 'secret' }
  const reach = createReach({
    messages: [orderPaid],
    channels: {
      sms: weighted(
        [aliyun({ endpoint: ali.url, credentials: keys, sign: '商店' }), 70],
        [
          tencent({
            endpoint: ten.url,
            credentials: { secretId: 'id', secretKey: 'secret' },
            sdkAppId: '1400006666',
            sign: '商店',
          }),
          30,
        ],
      ),
    },
  })
  for (let count = 0; count < 20; count += 1) {
    const accepted = await reach.notify('order.paid', to)
    assert.equal((await accepted.settled()).outcome, 'sent')
  }
  await reach.stop()
  assert.equal(ali.requests.length + ten.requests.length, 20)
  for (const { url } of ali.requests) {
    const { searchParams } = new URL(url, ali.url)
    assert.deepEqual(
      [searchParams.get('PhoneNumbers'), searchParams.get('TemplateParam')],
      ['8615900001234', '{"id":"A1"}'],
    )
  }
  for (const { json } of ten.requests) {
    const { PhoneNumberSet, TemplateParamSet } = json as Record<string, unknown>
    assert.deepEqual([PhoneNumberSet, TemplateParamSet], [[to.sms], ['A1']])
  }
  await ali.close()
  await ten.close()
}

/** The text itself, by Twilio, by Amazon SNS without the SDK, and by a gateway of one's own. */
export async function smsByText(): Promise<void> {
  const xml = '<PublishResponse><PublishResult><MessageId>id-1</MessageId></PublishResult></PublishResponse>'
  const twilioApi = await startHttpVendor({
    answers: { accept: { status: 201, json: { sid: 'SM1', status: 'queued' } } },
  })
  const snsApi = await startHttpVendor({ answers: { accept: { text: xml } } })
  const gateway = await startHttpVendor({ answers: { accept: { json: { id: 7 } } } })
  const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'secret', from: '+12025550199' }
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' }
  const providers = [
    twilio({ ...account, endpoint: twilioApi.url }),
    sns({ client: 'thin', region: 'eu-west-1', credentials, endpoint: snsApi.url }),
    httpSms({ endpoint: `${gateway.url}/send` }),
  ]
  for (const sms of providers) {
    const reach = createReach({ messages: [orderPaid], channels: { sms } })
    const accepted = await reach.notify('order.paid', to)
    assert.equal((await accepted.settled()).outcome, 'sent')
    await reach.stop()
  }
  const text = 'Order A1 is paid.'
  assert.equal(twilioApi.requests[0]?.form.get('Body'), text)
  assert.equal(snsApi.requests[0]?.form.get('Message'), text)
  assert.deepEqual(gateway.requests[0]?.json, { to: to.sms, text })
  for (const vendor of [twilioApi, snsApi, gateway]) await vendor.close()
}
