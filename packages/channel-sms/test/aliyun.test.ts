import { createHash } from 'node:crypto'
import { acs3Headers, acs3Query, laterMs } from '@reachkit/driver-kit'
import { vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { aliyun, type AliyunOptions } from '../src/index.js'
import { conforms } from './support/conformance.js'
import { contextOf, driverOf, now, requestTo } from './support/delivery.js'
import { closing, vendorThat } from './support/vendors.js'

const to = '+8615900001234'
const credentials = { accessKeyId: 'LTAI-id', accessKeySecret: 'open-sesame-77' }
const content = {
  text: 'Order A1 is paid',
  vendors: { aliyun: { template: 'SMS_1', params: { id: 'A1-😀' } } },
}
const taken = { json: { Code: 'OK', BizId: '9006^0', Message: 'OK', RequestId: 'r-1' } }
/** What an unkind vendor writes into its answers. */
const Message = `${to} was told "A1-😀" by open-sesame-77`
const refusal = (Code: string, status = 200) => ({ status, json: { Code, Message, RequestId: 'r-1' } })

conforms(
  'aliyun',
  vendorSubject({
    answers: {
      accept: taken,
      refuse: refusal('isv.SMS_CONTENT_ILLEGAL'),
      'refuse-address': refusal('isv.MOBILE_NUMBER_ILLEGAL'),
      'refuse-inside': refusal('isv.OUT_OF_SERVICE'),
      throttle: refusal('Throttling.User', 400),
    },
    channel: ({ url }) => aliyun({ endpoint: url, credentials, sign: '签名' }),
    to,
    content,
    secrets: [to, to.slice(1), 'A1-😀', 'open-sesame-77'],
  }),
)

/** The digest of the number as the vendor's delivery reports write it. */
const digest = (number: string) =>
  createHash('sha256')
    .update(number.replace(/^\+(86)?/, ''))
    .digest('hex')
    .slice(0, 12)

async function sending(answer: Parameters<typeof vendorThat>[0], options: Partial<AliyunOptions> = {}) {
  const vendor = await vendorThat(answer)
  const driver = closing(driverOf(aliyun({ endpoint: vendor.url, credentials, sign: '签名', ...options })))
  return { vendor, driver, deliver: async () => driver.deliver(requestTo(to, content), contextOf()) }
}

describe('aliyun', () => {
  it('calls SendSms, signed', async () => {
    const { vendor, deliver } = await sending(taken)
    expect(await deliver()).toEqual({ kind: 'sent', providerId: '9006^0' })
    const [request] = vendor.requests
    const { searchParams } = new URL(`http://x${request?.url}`)
    expect([request?.method, request?.text, Object.fromEntries(searchParams)]).toEqual([
      'POST',
      '',
      {
        PhoneNumbers: '8615900001234',
        SignName: '签名',
        TemplateCode: 'SMS_1',
        TemplateParam: '{"id":"A1-😀"}',
        OutId: 'parcel.0',
      },
    ])
    const { authorization } = acs3Headers(
      {
        method: 'POST',
        host: new URL(vendor.url).host,
        path: '/',
        query: acs3Query(Object.fromEntries(searchParams)),
        body: '',
        action: 'SendSms',
        version: '2017-05-25',
      },
      credentials,
      { now, nonce: String(request?.headers['x-acs-signature-nonce']) },
    )
    expect(request?.headers['authorization']).toBe(authorization)
  })

  it('takes the signature of the message first, and asks for keys anew', async () => {
    let count = 0
    const keys = () => ({ ...credentials, securityToken: `token-${(count += 1)}` })
    const { vendor, driver } = await sending(taken, { credentials: keys })
    const own = { ...content, vendors: { aliyun: { template: 'SMS_1', sign: '另一个' } } }
    await driver.deliver(requestTo(to, own), contextOf())
    await driver.deliver(requestTo(to, own), contextOf())
    expect(vendor.requests.map(({ headers }) => headers['x-acs-security-token'])).toEqual(['token-1', 'token-2'])
    expect(new URL(`http://x${vendor.requests[0]?.url}`).searchParams.get('SignName')).toBe('另一个')
  })

  it('calls SendBatchSms once a template, each message with what is its own', async () => {
    const { vendor, driver } = await sending(taken)
    const of = (number: string, template: string, id: string) =>
      requestTo(number, { text: 'x', vendors: { aliyun: { template, params: { id } } } })
    const [a, b, c] = ['+8615900000001', '+8615900000002', '+8615900000003'] as const
    const outcomes = await driver.deliverBatch?.(
      [of(a, 'SMS_1', '1'), of(b, 'SMS_2', '2'), of(c, 'SMS_1', '3')],
      contextOf(),
    )
    expect(outcomes).toEqual([a, b, c].map((number) => ({ kind: 'sent', providerId: `9006^0/${digest(number)}` })))
    const calls = vendor.requests.map(({ url, form }) => [url, Object.fromEntries(form)] as const)
    expect(calls.toSorted(([one], [other]) => (one < other ? -1 : 1))).toEqual([
      [
        '/?TemplateCode=SMS_1',
        {
          PhoneNumberJson: '["8615900000001","8615900000003"]',
          SignNameJson: '["签名","签名"]',
          TemplateParamJson: '[{"id":"1"},{"id":"3"}]',
        },
      ],
      [
        '/?TemplateCode=SMS_2',
        { PhoneNumberJson: '["8615900000002"]', SignNameJson: '["签名"]', TemplateParamJson: '[{"id":"2"}]' },
      ],
    ])
  })

  it('two messages to one number go in two calls: reports of one call could not tell them apart', async () => {
    let calls = 0
    const { vendor, driver } = await sending(() => ({ json: { Code: 'OK', BizId: `900${(calls += 1)}^0` } }))
    const other = '+8615900000002'
    const outcomes = await driver.deliverBatch?.(
      [to, other, to].map((number) => requestTo(number, content)),
      contextOf(),
    )
    const ids = outcomes?.map((outcome) => (outcome.kind === 'sent' ? outcome.providerId : outcome.kind)) ?? []
    expect(ids.map((id) => id?.split('/')[1])).toEqual([to, other, to].map(digest))
    expect(new Set(ids).size).toBe(3)
    expect(new Set(vendor.requests.map(({ form }) => form.get('PhoneNumberJson')))).toEqual(
      new Set(['["8615900001234","8615900000002"]', '["8615900001234"]']),
    )
  })

  it('what is abroad is digested with the code of its country', async () => {
    const { driver } = await sending(taken)
    const abroad = ['+12025550123', '+12025550124']
    const outcomes = await driver.deliverBatch?.(
      abroad.map((number) => requestTo(number, content)),
      contextOf(),
    )
    expect(outcomes).toEqual(abroad.map((number) => ({ kind: 'sent', providerId: `9006^0/${digest(number)}` })))
  })

  it('a group that fails is not the fate of the others', async () => {
    const { driver } = await sending(({ url }) => (url.includes('SMS_2') ? refusal('isv.SMS_CONTENT_ILLEGAL') : taken))
    const of = (template: string) => requestTo(to, { text: 'x', vendors: { aliyun: { template } } })
    const outcomes = await driver.deliverBatch?.([of('SMS_2'), of('SMS_1'), requestTo(to, { text: 'x' })], contextOf())
    expect(outcomes?.map(({ kind }) => kind)).toEqual(['rejected', 'sent', 'rejected'])
  })

  it.each<[string, object]>([
    ['isv.MOBILE_NUMBER_ILLEGAL', { kind: 'unknown', reason: 'aliyun isv.MOBILE_NUMBER_ILLEGAL' }],
    ['isv.TEMPLATE_PARAMS_ILLEGAL', { kind: 'unknown' }],
    ['isv.BUSINESS_LIMIT_CONTROL', { kind: 'unknown' }],
    ['isv.SOMETHING_NEW', { kind: 'unknown' }],
    ['isv.SMS_SIGNATURE_ILLEGAL', { kind: 'retry', afterMs: laterMs }],
    ['isv.SMS_TEMPLATE_ILLEGAL', { kind: 'retry', afterMs: laterMs }],
    ['Throttling.User', { kind: 'retry' }],
  ])('%s of a call of several: what may be said of one of them is said of none', async (code, outcome) => {
    const { driver } = await sending(refusal(code))
    const requests = [to, '+8615900000002'].map((number) => requestTo(number, content))
    expect(await driver.deliverBatch?.(requests, contextOf())).toMatchObject([outcome, outcome])
  })

  it('a call of one is answered for by its code', async () => {
    const { driver } = await sending(refusal('isv.MOBILE_NUMBER_ILLEGAL'))
    expect(await driver.deliverBatch?.([requestTo(to, content)], contextOf())).toMatchObject([
      { kind: 'rejected', invalidAddress: true },
    ])
  })

  it('a signature that is wrong is not the fate of another one', async () => {
    const { driver } = await sending(({ form }) =>
      (form.get('SignNameJson') ?? '').includes('错') ? refusal('isv.SMS_SIGNATURE_ILLEGAL') : taken,
    )
    const of = (sign: string) => requestTo(to, { text: 'x', vendors: { aliyun: { template: 'SMS_1', sign } } })
    const outcomes = await driver.deliverBatch?.([of('错'), of('签名'), of('错')], contextOf())
    expect(outcomes?.map(({ kind }) => kind)).toEqual(['retry', 'sent', 'retry'])
  })

  it('sends nothing without a template', async () => {
    const { vendor, driver } = await sending(taken)
    expect(await driver.deliver(requestTo(to, { text: 'x' }), contextOf())).toMatchObject({
      reason: 'aliyun no template',
    })
    expect(vendor.requests).toEqual([])
  })

  it.each<[string, number, object]>([
    ['isv.MOBILE_NUMBER_ILLEGAL', 200, { kind: 'rejected', invalidAddress: true }],
    ['isv.SMS_CONTENT_ILLEGAL', 200, { kind: 'rejected', invalidAddress: false }],
    ['isv.BUSINESS_LIMIT_CONTROL', 200, { kind: 'retry', afterMs: laterMs }],
    ['isv.AMOUNT_NOT_ENOUGH', 200, { kind: 'retry', afterMs: laterMs }],
    ['isv.SMS_TEMPLATE_ILLEGAL', 200, { kind: 'retry', afterMs: laterMs }],
    ['isv.SECURITY_FROZEN_ACCOUNT', 200, { kind: 'retry', afterMs: laterMs }],
    ['isv.SMS_TEST_NUMBER_LIMIT', 200, { kind: 'retry', afterMs: laterMs }],
    ['isv.CUSTOMER_REFUSED', 200, { kind: 'rejected', invalidAddress: false }],
    ['isp.RAM_PERMISSION_DENY', 200, { kind: 'retry', afterMs: laterMs }],
    ['isp.SYSTEM_ERROR', 200, { kind: 'unknown' }],
    ['isp.GATEWAY_ERROR', 200, { kind: 'unknown' }],
    ['InvalidAction.NotFound', 404, { kind: 'retry', afterMs: laterMs }],
    ['InvalidTimeStamp.Expired', 400, { kind: 'retry', afterMs: laterMs }],
    ['Throttling.Api', 503, { kind: 'retry' }],
    ['isv.SOMETHING_NEW', 200, { kind: 'rejected' }],
    ['SignatureDoesNotMatch', 400, { kind: 'retry', afterMs: laterMs }],
    ['InvalidAccessKeyId.NotFound', 404, { kind: 'retry', afterMs: laterMs }],
    ['Throttling.User', 400, { kind: 'retry' }],
    ['InternalError', 500, { kind: 'unknown' }],
    ['OK', 200, { kind: 'unknown', reason: 'aliyun no proof' }],
  ])('%s of %i', async (code, status, outcome) => {
    const { deliver } = await sending(refusal(code, status))
    expect(await deliver()).toMatchObject(outcome)
  })
})
