import { SNSClient } from '@aws-sdk/client-sns'
import { isNotSentError } from '@reachkit/core/spec'
import { laterMs } from '@reachkit/driver-kit'
import { type DriverSubject, type VendorAnswer, vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { sns, type SnsOptions } from '../src/index.js'
import { createSnsDriver } from '../src/sns/sns.js'
import { resolveSnsOptions } from '../src/sns/sns-options.js'
import { SdkSnsSender } from '../src/sns/sns-sender.js'
import { conforms } from './support/conformance.js'
import { contextOf, driverOf, requestTo } from './support/delivery.js'
import { isSignedBy } from './support/signature-v4.js'
import { closing, vendorThat } from './support/vendors.js'

const to = '+12025550123'
const text = 'Order A1 is paid 😀 & more'
const credentials = { accessKeyId: 'AKIA-id', secretAccessKey: 'open-sesame-77' }
const base = { region: 'eu-west-1', credentials }

const xml = (body: string): VendorAnswer => ({ headers: { 'content-type': 'text/xml' }, text: body })
const taken = xml(
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>id-1</MessageId></PublishResult></PublishResponse>',
)
/** An error as the Query API writes it, by an unkind vendor. */
const failure = (
  status: number,
  code: string,
  message = `${to} was told "${text}" by open-sesame-77`,
): VendorAnswer => ({
  ...xml(
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message.replaceAll('&', '&amp;')}</Message></Error><RequestId>r1</RequestId></ErrorResponse>`,
  ),
  status,
})

// The same by the SDK, and by the thin client. SNS is played by ours, which AWS's own signer and AWS's own client check: of
// the servers of others, fauxqs takes no text for a phone, only topics, and its releases of today need Node 22;
// serverless-offline-sns takes texts, but brings 200 MB, and its errors do not look like those of AWS.
describe.each<[string, Partial<SnsOptions>]>([
  ['the SDK', {}],
  ['the thin client', { client: 'thin' }],
])('sns by %s', (name, client) => {
  const open = vendorSubject({
    answers: {
      accept: taken,
      refuse: failure(400, 'InvalidParameter', 'Invalid parameter: Message too long'),
      'refuse-address': failure(400, 'InvalidParameter', 'Invalid parameter: PhoneNumber Reason: not valid'),
      throttle: failure(400, 'Throttled'),
    },
    channel: ({ url }) => sns({ ...base, endpoint: url, ...client }),
    to,
    content: { text },
    secrets: [to, text, 'open-sesame-77'],
  })
  // The SDK has no bound for an answer: one that does not end is ended by the signal alone.
  const played = ({ counterpart, ...rest }: DriverSubject): DriverSubject => ({
    ...rest,
    counterpart: { ...counterpart, modes: counterpart.modes.filter((mode) => mode !== 'flood') },
  })
  conforms(`sns by ${name}`, async () => (client.client === 'thin' ? open() : played(await open())))

  async function sending(answer: VendorAnswer, options: Partial<SnsOptions> = {}) {
    const vendor = await vendorThat(answer)
    const driver = closing(driverOf(sns({ ...base, endpoint: vendor.url, ...client, ...options })))
    return { vendor, driver, deliver: async () => driver.deliver(requestTo(to, { text }), contextOf()) }
  }

  it('calls Publish, signed as AWS signs', async () => {
    const { vendor, driver, deliver } = await sending(taken, { senderId: 'Shop', originationNumber: '+12025550199' })
    expect(await deliver()).toEqual({ kind: 'sent', providerId: 'id-1' })
    await driver.deliver(requestTo(to, { text }, { purpose: 'marketing' }), contextOf())
    const [request, second] = vendor.requests
    expect([request?.method, request?.url, Object.fromEntries(request?.form ?? [])]).toEqual([
      'POST',
      '/',
      {
        Action: 'Publish',
        Version: '2010-03-31',
        PhoneNumber: to,
        Message: text,
        'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
        'MessageAttributes.entry.2.Name': 'AWS.SNS.SMS.SenderID',
        'MessageAttributes.entry.2.Value.DataType': 'String',
        'MessageAttributes.entry.2.Value.StringValue': 'Shop',
        'MessageAttributes.entry.3.Name': 'AWS.MM.SMS.OriginationNumber',
        'MessageAttributes.entry.3.Value.DataType': 'String',
        'MessageAttributes.entry.3.Value.StringValue': '+12025550199',
      },
    ])
    expect(second?.form.get('MessageAttributes.entry.1.Value.StringValue')).toBe('Promotional')
    for (const given of vendor.requests) {
      expect(await isSignedBy(given, credentials, 'sns', 'eu-west-1')).toBe(true)
      expect(await isSignedBy(given, { ...credentials, secretAccessKey: 'other' }, 'sns', 'eu-west-1')).toBe(false)
      expect(await isSignedBy({ ...given, text: `${given.text}&a=b` }, credentials, 'sns', 'eu-west-1')).toBe(false)
    }
  })

  it('signs by a key that ends, asked for anew', async () => {
    const token = { ...credentials, sessionToken: 'token-1' }
    const { vendor, deliver } = await sending(taken, { credentials: async () => token })
    await deliver()
    const [request] = vendor.requests
    expect(request?.headers['x-amz-security-token']).toBe('token-1')
    expect(request !== undefined && (await isSignedBy(request, token, 'sns', 'eu-west-1'))).toBe(true)
  })

  it.each<[number, string, string, object]>([
    [400, 'InvalidParameter', 'Invalid parameter: PhoneNumber', { kind: 'rejected', invalidAddress: true }],
    [400, 'InvalidParameter', 'Invalid parameter: Message', { kind: 'rejected', invalidAddress: false }],
    [400, 'InvalidParameterValue', 'no', { kind: 'rejected', invalidAddress: false }],
    [400, 'OptedOut', 'no', { kind: 'rejected', invalidAddress: false }],
    [400, 'Throttled', 'slow', { kind: 'retry' }],
    [403, 'AuthorizationError', 'no', { kind: 'retry', afterMs: laterMs }],
    [403, 'InvalidClientTokenId', 'no', { kind: 'retry', afterMs: laterMs }],
    [403, 'SignatureDoesNotMatch', 'no', { kind: 'retry', afterMs: laterMs }],
    [400, 'KMSDisabled', 'no', { kind: 'retry', afterMs: laterMs }],
    [400, 'SomethingNew', 'no', { kind: 'rejected' }],
    [403, 'SomethingNew', 'no', { kind: 'retry', afterMs: laterMs }],
    [500, 'InternalError', 'oh', { kind: 'unknown' }],
    [503, 'ServiceUnavailable', 'oh', { kind: 'unknown' }],
  ])('%i %s: %s', async (status, code, message, outcome) => {
    const { vendor, deliver } = await sending(failure(status, code, message))
    expect(await deliver()).toMatchObject(outcome)
    expect(vendor.requests).toHaveLength(1)
  })

  it('answers retry where there are no keys', async () => {
    const none = () => Promise.reject(Object.assign(new Error('open-77'), { name: 'CredentialsProviderError' }))
    const { vendor, deliver } = await sending(taken, { credentials: none })
    const outcome = await deliver()
    expect([outcome.kind, vendor.requests.length]).toEqual(['retry', 0])
    expect(JSON.stringify(outcome)).toMatch(/^(?!.*open-77).*CredentialsProviderError/)
  })

  it('counts what a text of several parts costs', async () => {
    const { driver } = await sending(taken, { cost: { currency: 'USD', micros: 6_450 } })
    const outcome = await driver.deliver(requestTo(to, { text: 'x'.repeat(161) }), contextOf())
    expect(outcome).toEqual({ kind: 'sent', providerId: 'id-1', cost: { currency: 'USD', micros: 12_900 } })
  })

  it('refuses a text that is too long', async () => {
    const { vendor, driver } = await sending(taken)
    const outcome = await driver.deliver(requestTo(to, { text: 'x'.repeat(1_601) }), contextOf())
    expect([outcome.kind, vendor.requests.length]).toEqual(['rejected', 0])
  })
})

describe('sns', () => {
  it('takes a client of the app’s own, and leaves it open', async () => {
    const vendor = await vendorThat(taken)
    const client = new SNSClient({ ...base, endpoint: vendor.url, maxAttempts: 1 })
    for (const _ of [1, 2]) {
      const driver = driverOf(sns({ client }))
      expect((await driver.deliver(requestTo(to, { text }), contextOf())).kind).toBe('sent')
      await driver.close?.()
    }
    client.destroy()
  })

  it('says what to install where the SDK is missing, and tries again later', async () => {
    const settings = resolveSnsOptions({})
    let count = 0
    const load = async () => {
      count += 1
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    }
    const driver = createSnsDriver(settings, new SdkSnsSender(settings, load))
    const deliver = async () =>
      driver.deliver(requestTo(to, { text }) as never, contextOf()).catch((error: unknown) => error)
    const error = await deliver()
    await deliver()
    expect([isNotSentError(error), count]).toEqual([true, 2])
    expect((error as Error).message).toMatch(/npm install @aws-sdk\/client-sns/)
  })

  it.each<[SnsOptions, RegExp]>([
    [{ client: 'thin' }, /region must be given/],
    [{ client: 'thin', region: 'eu-west-1' }, /credentials must be given/],
    [{ client: 'thin', credentials, region: 'evil.example/' }, /region must be the name of a region/],
    [{ client: {} as never }, /client must be an SNSClient/],
    [{ client: { send: async () => {} }, region: 'eu-west-1' }, /region must be left out beside client/],
    [{ senderId: 'a b' }, /senderId must be 1 to 11/],
    [{ smsType: 'Urgent' as never }, /smsType must be/],
    [{ fetch } as never, /fetch must be left out/],
  ])('refuses %j', (options, why) => expect(() => sns(options)).toThrow(why))

  it('finds the address of the region by itself', () => {
    const thin = (region: string) => resolveSnsOptions({ client: 'thin', credentials, region }).thin?.endpoint
    expect(thin('eu-west-1')).toBe('https://sns.eu-west-1.amazonaws.com')
    expect(thin('cn-north-1')).toBe('https://sns.cn-north-1.amazonaws.com.cn')
  })
})
