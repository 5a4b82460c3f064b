import { laterMs } from '@reachkit/driver-kit'
import { type VendorRequest, vendorSubject } from '@reachkit/testing'
import { sms } from 'tencentcloud-sdk-nodejs-sms'
import { describe, expect, it } from 'vitest'
import { tencent, type TencentOptions } from '../src/index.js'
import { tc3Headers } from '../src/tencent/tc3.js'
import { conforms } from './support/conformance.js'
import { contextOf, driverOf, now, requestTo } from './support/delivery.js'
import { closing, vendorThat } from './support/vendors.js'

const to = '+8618501234444'
const refusedTo = '+8618501234445'
const credentials = { secretId: 'AKID-id', secretKey: 'open-sesame-77' }
const base = { credentials, sdkAppId: '1400006666', sign: '腾讯云' }
const content = { text: 'Order A1', vendors: { tencent: { template: '1110', params: ['A1-😀', '9'] } } }
/** What an unkind vendor writes into its answers. */
const Message = `${to} was told "A1-😀" by open-sesame-77`
const failure = (Code: string) => ({ json: { Response: { Error: { Code, Message }, RequestId: 'r-1' } } })

/** Takes every number but one. */
function taken({ json }: VendorRequest, code = 'Ok') {
  const numbers = (json as { PhoneNumberSet: string[] }).PhoneNumberSet
  const SendStatusSet = numbers.map((PhoneNumber, index) =>
    PhoneNumber === refusedTo
      ? { SerialNo: '', PhoneNumber, Fee: 0, Code: 'FailedOperation.PhoneNumberInBlacklist', Message }
      : { SerialNo: `5000:${index}`, PhoneNumber, Fee: 2, Code: code, Message: 'send success', IsoCode: 'CN' },
  )
  return { json: { Response: { SendStatusSet, RequestId: 'r-1' } } }
}

conforms(
  'tencent',
  vendorSubject({
    answers: {
      accept: (request) => taken(request),
      refuse: (request) => taken(request, 'FailedOperation.ContainSensitiveWord'),
      'refuse-address': (request) => taken(request, 'InvalidParameterValue.IncorrectPhoneNumber'),
      'refuse-inside': failure('AuthFailure.SignatureFailure'),
      throttle: failure('RequestLimitExceeded'),
    },
    channel: ({ url }) => tencent({ endpoint: url, ...base }),
    to,
    refusedTo,
    content,
    secrets: [to, 'A1-😀', 'open-sesame-77'],
  }),
)

// The example of "Signature v3", whose keys are printed as stars and counted as such.
it('signs the request of the document as the document does', () => {
  const headers = tc3Headers(
    {
      endpoint: 'https://cvm.tencentcloudapi.com',
      service: 'cvm',
      action: 'DescribeInstances',
      version: '2017-03-12',
      region: 'ap-guangzhou',
      body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
    },
    { secretId: `AKID${'*'.repeat(32)}`, secretKey: '*'.repeat(32) },
    1_551_113_065_000,
  )
  expect(headers).toEqual({
    authorization: `TC3-HMAC-SHA256 Credential=AKID${'*'.repeat(32)}/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f`,
    'content-type': 'application/json; charset=utf-8',
    'x-tc-action': 'DescribeInstances',
    'x-tc-region': 'ap-guangzhou',
    'x-tc-timestamp': '1551113065',
    'x-tc-version': '2017-03-12',
  })
})

async function sending(answer: Parameters<typeof vendorThat>[0], options: Partial<TencentOptions> = {}) {
  const vendor = await vendorThat(answer)
  const driver = closing(driverOf(tencent({ endpoint: vendor.url, ...base, ...options })))
  return { vendor, driver, deliver: async () => driver.deliver(requestTo(to, content), contextOf()) }
}

describe('tencent', () => {
  // But for the service in its signature, which it takes from the name of the host.
  it('sends what the official SDK sends', async () => {
    const { vendor, deliver } = await sending((request) => taken(request))
    await deliver()
    const { host } = new URL(vendor.url)
    const client = new sms.v20210111.Client({
      credential: credentials,
      region: 'ap-guangzhou',
      profile: { httpProfile: { endpoint: host, protocol: 'http://' } },
    })
    await client.SendSms({
      PhoneNumberSet: [to],
      SmsSdkAppId: '1400006666',
      TemplateId: '1110',
      SignName: '腾讯云',
      TemplateParamSet: ['A1-😀', '9'],
    })
    const [ours, theirs] = vendor.requests.map(({ method, url, headers, json }) => [
      method,
      url,
      json,
      headers['x-tc-action'],
      headers['x-tc-version'],
      headers['x-tc-region'],
      /^TC3-HMAC-SHA256 Credential=AKID-id\/\d{4}-\d\d-\d\d\/\w+\/tc3_request, SignedHeaders=content-type;host/.test(
        String(headers['authorization']),
      ),
    ])
    expect(ours).toEqual(theirs)
    expect(vendor.requests[0]?.headers['x-tc-timestamp']).toBe(String(now / 1_000))
  })

  it('numbers that get the same go in one call, and each has an outcome of its own', async () => {
    const { vendor, driver } = await sending((request) => taken(request), { cost: { currency: 'CNY', micros: 45_000 } })
    const other = { ...content, vendors: { tencent: { template: '1110', params: ['A2', '9'] } } }
    const abroad = '+12025550123'
    const outcomes = await driver.deliverBatch?.(
      [
        requestTo(to, content),
        requestTo(to, other),
        requestTo(refusedTo, content),
        requestTo(abroad, content),
        requestTo(to, { text: 'no template' }),
      ],
      contextOf(),
    )
    const cost = { currency: 'CNY', micros: 90_000 }
    expect(outcomes).toEqual([
      { kind: 'sent', providerId: '5000:0', cost },
      { kind: 'sent', providerId: '5000:0', cost },
      { kind: 'rejected', reason: 'tencent FailedOperation.PhoneNumberInBlacklist', invalidAddress: false },
      { kind: 'sent', providerId: '5000:0', cost },
      { kind: 'rejected', reason: 'tencent no template', invalidAddress: false },
    ])
    const numbers = vendor.requests.map(({ json }) => (json as { PhoneNumberSet: string[] }).PhoneNumberSet.join())
    expect(numbers.toSorted()).toEqual([abroad, to, `${to},${refusedTo}`])
  })

  it('a number has one place in a call', async () => {
    const { vendor, driver } = await sending((request) => taken(request))
    const outcomes = await driver.deliverBatch?.(
      [to, '+8618501234446', to].map((number) => requestTo(number, content)),
      contextOf(),
    )
    expect(outcomes?.map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent'])
    const numbers = vendor.requests.map(({ json }) => (json as { PhoneNumberSet: string[] }).PhoneNumberSet)
    expect(numbers.toSorted((one, other) => other.length - one.length)).toEqual([[to, '+8618501234446'], [to]])
  })

  it('a status of another number proves nothing', async () => {
    const status = { SerialNo: '5000:0', PhoneNumber: '+8618500000000', Fee: 1, Code: 'Ok' }
    const { deliver } = await sending({ json: { Response: { SendStatusSet: [status] } } })
    expect(await deliver()).toEqual({ kind: 'unknown', reason: 'tencent no proof' })
  })

  it.each<[string, object]>([
    ['InvalidParameterValue.IncorrectPhoneNumber', { kind: 'unknown' }],
    ['InvalidParameterValue.ContentLengthLimit', { kind: 'unknown' }],
    ['InvalidParameterValue.TemplateParameterLengthLimit', { kind: 'unknown' }],
    ['LimitExceeded.PhoneNumberDailyLimit', { kind: 'unknown' }],
    ['LimitExceeded.DeliveryFrequencyLimit', { kind: 'unknown' }],
    ['LimitExceeded.AppCountryOrRegionInBlacklist', { kind: 'unknown' }],
    ['LimitExceeded.AppDailyLimit', { kind: 'retry', afterMs: laterMs }],
    ['FailedOperation.SomethingNew', { kind: 'unknown' }],
    ['FailedOperation.TemplateIncorrectOrUnapproved', { kind: 'retry', afterMs: laterMs }],
    ['RequestLimitExceeded', { kind: 'retry' }],
  ])('%s of a call of several: what may be said of one of them is said of none', async (code, outcome) => {
    const { driver } = await sending(failure(code))
    const requests = [to, refusedTo].map((number) => requestTo(number, content))
    expect(await driver.deliverBatch?.(requests, contextOf())).toMatchObject([outcome, outcome])
  })

  it.each<[string, object]>([
    ['LimitExceeded.PhoneNumberDailyLimit', { kind: 'retry', afterMs: laterMs }],
    ['UnauthorizedOperation.SerivceSuspendDueToArrears', { kind: 'retry', afterMs: laterMs }],
    ['FailedOperation.TemplateIncorrectOrUnapproved', { kind: 'retry', afterMs: laterMs }],
    ['InternalError.Timeout', { kind: 'unknown' }],
    ['InternalError.ParseBackendResponseFail', { kind: 'unknown' }],
    ['InternalError.SomethingNew', { kind: 'unknown' }],
    ['InternalError.RequestTimeException', { kind: 'retry', afterMs: laterMs }],
    ['FailedOperation.ParametersOtherError', { kind: 'unknown' }],
    ['FailedOperation.TemplateUnapprovedOrNotExist', { kind: 'retry', afterMs: laterMs }],
    ['FailedOperation.TemplateParamSetNotMatchApprovedTemplate', { kind: 'rejected', invalidAddress: false }],
    ['LimitExceeded.AppMainlandChinaDailyLimit', { kind: 'retry', afterMs: laterMs }],
    ['LimitExceeded.PhoneNumberCountLimit', { kind: 'rejected' }],
    ['AuthFailure.SomethingNew', { kind: 'retry', afterMs: laterMs }],
    ['UnsupportedOperation.', { kind: 'rejected' }],
    ['FailedOperation.SomethingNew', { kind: 'rejected' }],
  ])('%s, of the call or of the number', async (code, outcome) => {
    const whole = await sending(failure(code))
    const single = await sending((request) => taken(request, code))
    expect([await whole.deliver(), await single.deliver()]).toMatchObject([outcome, outcome])
  })
})
