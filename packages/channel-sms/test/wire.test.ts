import { describe, expect, it } from 'vitest'
import { httpSms, type HttpSmsOptions, twilio, type TwilioOptions } from '../src/index.js'
import { contextOf, driverOf, requestTo } from './support/delivery.js'
import { closing, vendorThat } from './support/vendors.js'

const to = '+12025550123'
const accountSid = `AC${'a'.repeat(32)}`
const serviceSid = `MG${'b'.repeat(32)}`
const text = 'Grüße\r\nX-Evil: 1 😀'

describe('twilio', () => {
  async function sending(options: Partial<TwilioOptions>, json: object = { sid: 'SM1', status: 'queued' }) {
    const vendor = await vendorThat({ status: 201, json })
    const sender = options.messagingServiceSid === undefined ? { from: 'Shop' } : {}
    const own = { endpoint: vendor.url, accountSid, authToken: 'open-77', ...sender, ...options }
    return { vendor, driver: closing(driverOf(twilio(own))) }
  }

  it('posts a form, with the login of the account', async () => {
    const { vendor, driver } = await sending({ statusCallback: 'https://a.example/s' })
    expect(await driver.deliver(requestTo(to, { text }), contextOf())).toEqual({ kind: 'sent', providerId: 'SM1' })
    const [request] = vendor.requests
    expect([
      request?.method,
      request?.url,
      request?.headers['content-type'],
      request?.headers['authorization'],
    ]).toEqual([
      'POST',
      `/2010-04-01/Accounts/${accountSid}/Messages.json`,
      'application/x-www-form-urlencoded',
      `Basic ${Buffer.from(`${accountSid}:open-77`).toString('base64')}`,
    ])
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      To: to,
      From: 'Shop',
      Body: text,
      StatusCallback: 'https://a.example/s',
    })
  })

  it('sends a template in place of the text, by a key and a service', async () => {
    const apiKeySid = `SK${'c'.repeat(32)}`
    const { vendor, driver } = await sending({ apiKeySid, messagingServiceSid: serviceSid })
    const content = { text, vendors: { twilio: { template: 'HX1', params: { 1: 'ü😀' } } } }
    await driver.deliver(requestTo(to, content), contextOf())
    const [request] = vendor.requests
    expect(request?.headers['authorization']).toBe(`Basic ${Buffer.from(`${apiKeySid}:open-77`).toString('base64')}`)
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      To: to,
      MessagingServiceSid: serviceSid,
      ContentSid: 'HX1',
      ContentVariables: '{"1":"ü😀"}',
    })
  })

  it.each<[object, string, number | undefined]>([
    [{ num_segments: '3' }, 'x', 3],
    [{ num_segments: '0' }, 'x'.repeat(161), 2], // a messaging service counts later
    [{}, 'ü😀'.repeat(24), 2],
  ])('counts what it costs: %j', async (counted, body, parts) => {
    const cost = { currency: 'USD', micros: 7_900 }
    const { driver } = await sending({ cost }, { sid: 'SM1', status: 'queued', ...counted })
    const outcome = await driver.deliver(requestTo(to, { text: body }), contextOf())
    expect(outcome).toMatchObject({ cost: { currency: 'USD', micros: 7_900 * Number(parts) } })
  })

  it.each<[Partial<Record<keyof TwilioOptions, unknown>>, RegExp]>([
    [{ accountSid: 'open-77' }, /accountSid must be AC and 32 hexadecimal digits/],
    [{ accountSid: `SK${'a'.repeat(32)}` }, /accountSid must be AC/],
    [{ accountSid: `AC${'a'.repeat(31)}/` }, /accountSid must be AC/],
    [{ authToken: '' }, /authToken must be text/],
    [{ apiKeySid: accountSid }, /apiKeySid must be SK/],
    [{ from: undefined }, /from must be given, or messagingServiceSid/],
    [{ messagingServiceSid: serviceSid }, /not both/],
    [{ statusCallback: 'a.example' }, /statusCallback must be an http/],
    [{ retries: 3 } as never, /there is no option 'retries'/],
  ])('refuses %j', (options, why) => {
    const given = { accountSid, authToken: 'open-77', from: 'Shop', ...options } as TwilioOptions
    expect(() => twilio(given)).toThrow(why)
    expect(() => twilio(given)).not.toThrow(/open-77/)
  })
})

describe('httpSms', () => {
  async function sending(options: Partial<HttpSmsOptions>, answer: object = { json: { id: 7 } }) {
    const vendor = await vendorThat(answer)
    return { vendor, driver: closing(driverOf(httpSms({ endpoint: `${vendor.url}/send`, ...options }))) }
  }

  const fields = { to: 'msisdn', text: 'message', from: 'sender', key: 'ref' }
  const own: Partial<HttpSmsOptions> = {
    fields,
    from: 'Shop',
    constants: { unicode: '1' },
    authorization: async () => 'Bearer open-77',
    secret: 'pass-77',
    secretField: 'password',
  }
  const arrived = {
    unicode: '1',
    msisdn: to,
    message: text,
    sender: 'Shop',
    ref: 'parcel.0.sms.x1',
    password: 'pass-77',
  }

  it('sends JSON', async () => {
    const { vendor, driver } = await sending({ ...own, form: 'json' })
    expect(await driver.deliver(requestTo(to, { text }), contextOf())).toEqual({ kind: 'sent', providerId: '7' })
    const [request] = vendor.requests
    expect([request?.method, request?.url, request?.headers['authorization'], request?.json]).toEqual([
      'POST',
      '/send',
      'Bearer open-77',
      arrived,
    ])
  })

  it('sends a form', async () => {
    const { vendor, driver } = await sending({ ...own, form: 'form' })
    await driver.deliver(requestTo(to, { text }), contextOf())
    expect(Object.fromEntries(vendor.requests[0]?.form ?? [])).toEqual(arrived)
  })

  it('sends a query, behind one that is there', async () => {
    const { vendor, driver } = await sending({ ...own, form: 'query' })
    await driver.deliver(requestTo(to, { text }), contextOf())
    const url = new URL(`http://x${vendor.requests[0]?.url}`)
    expect([vendor.requests[0]?.method, Object.fromEntries(url.searchParams)]).toEqual(['GET', arrived])
    const second = await vendorThat({ json: { id: 7 } })
    const behind = closing(driverOf(httpSms({ endpoint: `${second.url}/send?v=2`, form: 'query' })))
    await behind.deliver(requestTo(to, { text: 'x' }), contextOf())
    expect(second.requests[0]?.url).toBe('/send?v=2&to=%2B12025550123&text=x')
  })

  it('takes a text for proof where it is told what that looks like', async () => {
    const accepted = /^OK/gm
    const { driver } = await sending({ accepted }, { text: 'OK: 1' })
    // A second time as well: an expression with `g` remembers where it stopped.
    for (const _ of [1, 2]) {
      expect(await driver.deliver(requestTo(to, { text }), contextOf())).toEqual({ kind: 'sent' })
    }
    const other = await sending({ accepted }, { text: 'ERROR' })
    expect((await other.driver.deliver(requestTo(to, { text }), contextOf())).kind).toBe('unknown')
  })

  it.each<[object, object, Partial<HttpSmsOptions>?]>([
    [
      { id: 12, error_code: 4 },
      { kind: 'rejected', reason: 'gateway 4', invalidAddress: false },
    ],
    [{ id: 12, state: { code: 'E7' } }, { kind: 'rejected', reason: 'gateway E7' }, { codeAt: ['state', 'code'] }],
    [
      { id: 12, code: 9 },
      { kind: 'rejected', reason: 'gateway 9' },
      { codeAt: ['code'], accepted: /id/ },
    ],
    [
      { id: 12, error_code: 0 },
      { kind: 'sent', providerId: '12' },
    ],
    [{ id: 12, code: 'Success' }, { kind: 'sent', providerId: '12' }, { codeAt: ['code'] }],
    [
      { id: 12, code: 1 },
      { kind: 'sent', providerId: '12' },
      { codeAt: ['code'], okCodes: ['1'] },
    ],
    [
      { id: 12, code: 0 },
      { kind: 'rejected', reason: 'gateway 0' },
      { codeAt: ['code'], okCodes: ['1'] },
    ],
    [{ id: 0 }, { kind: 'unknown', reason: 'gateway no proof' }],
    [
      { id: '0', error_code: 0 },
      { kind: 'unknown', reason: 'gateway no proof' },
    ],
  ])('reads the code before the id: %j', async (json, outcome, options = {}) => {
    const { driver } = await sending(options, { json })
    expect(await driver.deliver(requestTo(to, { text }), contextOf())).toMatchObject(outcome)
  })

  it('calls the address as it is given', async () => {
    const { vendor, driver } = await sending({})
    const slashed = closing(driverOf(httpSms({ endpoint: `${vendor.url}/sms/send/` })))
    await driver.deliver(requestTo(to, { text }), contextOf())
    await slashed.deliver(requestTo(to, { text }), contextOf())
    expect(vendor.requests.map(({ url }) => url)).toEqual(['/send', '/sms/send/'])
  })

  it('counts what it costs', async () => {
    const { driver } = await sending({ cost: { currency: 'EUR', micros: 10 } })
    const outcome = await driver.deliver(requestTo(to, { text: 'x'.repeat(307) }), contextOf())
    expect(outcome).toEqual({ kind: 'sent', providerId: '7', cost: { currency: 'EUR', micros: 30 } })
  })

  it.each<[Partial<Record<keyof HttpSmsOptions, unknown>>, RegExp]>([
    [{ endpoint: undefined }, /endpoint must be given/],
    [{ form: 'xml' }, /form must be 'json', 'form' or 'query'/],
    [{ fields: { number: 'a' } }, /httpSms fields: there is no option 'number'/],
    [{ deduplicates: true }, /deduplicates must be left out, unless fields.key is given/],
    [{ secret: 'open-77' }, /secretField must be given together with secret/],
    [{ secretField: 'password' }, /secretField must be given together/],
    [{ constants: { a: 1 } }, /constants must be an object of texts/],
    [{ idAt: [] }, /idAt must be a list/],
    [{ codeAt: 'a.b' }, /codeAt must be a list/],
    [{ okCodes: [0] }, /okCodes must be a list of texts/],
    [{ accepted: 'OK' }, /accepted must be a regular expression/],
    [{ authorization: 'Bearer open-77\r\n' }, /authorization must be text of one line/],
  ])('refuses %j', (options, why) => {
    const given = { endpoint: 'https://a.example', ...options } as HttpSmsOptions
    expect(() => httpSms(given)).toThrow(why)
    expect(() => httpSms(given)).not.toThrow(/open-77/)
  })
})
