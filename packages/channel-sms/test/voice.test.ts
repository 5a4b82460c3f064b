import { laterMs } from '@reachkit/driver-kit'
import { vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { aliyunCall, twilioCall, type TwilioCallOptions } from '../src/index.js'
import { twimlOf } from '../src/voice/twiml.js'
import { conforms } from './support/conformance.js'
import { contextOf, driverOf, requestTo } from './support/delivery.js'
import { closing, vendorThat } from './support/vendors.js'

const text = 'Server <db-1> is "down" & cold'
const accountSid = `AC${'0'.repeat(32)}`
const authToken = 'open-sesame-77'
const credentials = { accessKeyId: 'LTAI-id', accessKeySecret: authToken }
const abroad = '+12025550123'
const domestic = '+8615900001234'
const templated = { text, vendors: { aliyun: { template: 'TTS_1', params: { host: 'db-1😀' } } } }
const message = `${abroad} ${domestic} was told ${text} by ${authToken}`

conforms(
  'twilioCall',
  vendorSubject({
    answers: {
      accept: { status: 201, json: { sid: 'CA1', status: 'queued' } },
      refuse: { status: 400, json: { code: 21216, message } },
      'refuse-address': { status: 400, json: { code: 21211, message } },
      'refuse-inside': { status: 201, json: { sid: 'CA1', status: 'failed', message } },
      throttle: { status: 429, headers: { 'retry-after': '2' }, json: { code: 20429, message } },
    },
    channel: ({ url }) => twilioCall({ endpoint: url, accountSid, authToken, from: '+12025550199' }),
    to: abroad,
    content: { text },
    secrets: [abroad, text, authToken, Buffer.from(`${accountSid}:${authToken}`).toString('base64')],
  }),
)

conforms(
  'aliyunCall',
  vendorSubject({
    answers: {
      accept: { json: { Code: 'OK', CallId: '1^2', Message: 'OK', RequestId: 'r-1' } },
      refuse: { json: { Code: 'isv.COMPLAINT_REJECT', Message: message } },
      'refuse-address': { json: { Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: message } },
      'refuse-inside': { json: { Code: 'isv.TTS_TEMPLATE_ILLEGAL', Message: message } },
      throttle: { status: 400, json: { Code: 'Throttling.User', Message: message } },
    },
    channel: ({ url }) => aliyunCall({ endpoint: url, credentials }),
    to: domestic,
    content: templated,
    secrets: [domestic, domestic.slice(3), text, 'db-1😀', authToken],
  }),
)

describe('twilioCall', () => {
  async function sending(answer: Parameters<typeof vendorThat>[0], options: Partial<TwilioCallOptions> = {}) {
    const vendor = await vendorThat(answer)
    const own = { endpoint: vendor.url, accountSid, authToken, from: '+12025550199', ...options }
    return { vendor, driver: closing(driverOf(twilioCall(own))) }
  }

  it('reads the text out, as XML', async () => {
    const options = { voice: 'Polly.Joanna', language: 'en-GB', ringSeconds: 20, statusCallback: 'https://a.example/s' }
    const { vendor, driver } = await sending({ status: 201, json: { sid: 'CA1', status: 'queued' } }, options)
    const content = { text, language: 'en-US', times: 2 }
    expect(await driver.deliver(requestTo(abroad, content), contextOf())).toEqual({ kind: 'sent', providerId: 'CA1' })
    const [request] = vendor.requests
    expect([request?.method, request?.url, request?.headers['authorization']]).toEqual([
      'POST',
      `/2010-04-01/Accounts/${accountSid}/Calls.json`,
      `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
    ])
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      To: abroad,
      From: '+12025550199',
      Twiml:
        '<Response><Say language="en-US" voice="Polly.Joanna" loop="2">Server &lt;db-1&gt; is &quot;down&quot; &amp; cold</Say></Response>',
      Timeout: '20',
      StatusCallback: 'https://a.example/s',
    })
  })

  it.each<[number, object]>([
    [21215, { kind: 'retry', afterMs: laterMs }],
    [21219, { kind: 'retry', afterMs: laterMs }],
    [10004, { kind: 'retry' }],
    [20404, { kind: 'retry', afterMs: laterMs }],
    [20500, { kind: 'unknown' }],
    [21203, { kind: 'retry', afterMs: laterMs }],
    [21211, { kind: 'rejected', invalidAddress: true }],
    [21214, { kind: 'rejected', invalidAddress: false }],
    [21217, { kind: 'rejected', invalidAddress: true }],
    [21299, { kind: 'rejected', invalidAddress: false }],
  ])('%i', async (code, outcome) => {
    const { driver } = await sending({ status: 400, json: { code, message } })
    expect(await driver.deliver(requestTo(abroad, { text }), contextOf())).toMatchObject(outcome)
  })

  it('refuses a text that is too long once it is XML', async () => {
    const { vendor, driver } = await sending({ status: 201, json: { sid: 'CA1' } })
    const outcome = await driver.deliver(requestTo(abroad, { text: '&'.repeat(900) }), contextOf())
    expect([outcome.kind, vendor.requests.length]).toEqual(['rejected', 0])
  })
})

it('twiml holds no letter that XML cannot, and no markup of the text', () => {
  expect(twimlOf({ text: '</Say><Dial>1</Dial>\u0000\u000b\ud83d\ufffe😀', voice: '"x' })).toBe(
    '<Response><Say voice="&quot;x">&lt;/Say&gt;&lt;Dial&gt;1&lt;/Dial&gt;\ufffd😀</Say></Response>',
  )
})

describe('aliyunCall', () => {
  async function sending(answer: Parameters<typeof vendorThat>[0]) {
    const vendor = await vendorThat(answer)
    return { vendor, driver: closing(driverOf(aliyunCall({ endpoint: vendor.url, credentials, from: '05711234' }))) }
  }

  it('calls SingleCallByTts', async () => {
    const { vendor, driver } = await sending({ json: { Code: 'OK', CallId: '1^2' } })
    const outcome = await driver.deliver(requestTo(domestic, { ...templated, times: 3 }), contextOf())
    expect(outcome).toEqual({ kind: 'sent', providerId: '1^2' })
    const [request] = vendor.requests
    expect([request?.headers['x-acs-action'], request?.headers['x-acs-version']]).toEqual([
      'SingleCallByTts',
      '2017-05-25',
    ])
    expect(Object.fromEntries(new URL(`http://x${request?.url}`).searchParams)).toEqual({
      CalledNumber: '15900001234',
      CalledShowNumber: '05711234',
      TtsCode: 'TTS_1',
      TtsParam: '{"host":"db-1😀"}',
      PlayTimes: '3',
      OutId: 'parcel.0',
    })
  })

  it('calls nobody abroad, and nobody without a template', async () => {
    const { vendor, driver } = await sending({ json: { Code: 'OK', CallId: '1^2' } })
    expect(await driver.deliver(requestTo(abroad, templated), contextOf())).toMatchObject({ kind: 'rejected' })
    expect(await driver.deliver(requestTo(domestic, { text }), contextOf())).toMatchObject({ kind: 'rejected' })
    expect(vendor.requests).toEqual([])
  })

  it.each<[string, object]>([
    ['isv.BUSINESS_LIMIT_CONTROL', { kind: 'retry', afterMs: laterMs }],
    ['isv.MOBILE_NUMBER_ILLEGAL', { kind: 'rejected', invalidAddress: true }],
    ['isv.TEMPLATE_MISSING_PARAMETERS', { kind: 'rejected', invalidAddress: false }],
    ['isv.VOICE_CALL_FAIL', { kind: 'unknown' }],
    ['isp.RAM_PERMISSION_DENY', { kind: 'retry', afterMs: laterMs }],
    ['isp.SYSTEM_ERROR', { kind: 'unknown' }],
    ['isp.SOMETHING_NEW', { kind: 'unknown' }],
    ['isv.OUT_OF_SERVICE', { kind: 'retry', afterMs: laterMs }],
  ])('%s', async (Code, outcome) => {
    const { driver } = await sending({ json: { Code, Message: message } })
    expect(await driver.deliver(requestTo(domestic, templated), contextOf())).toMatchObject(outcome)
  })
})
