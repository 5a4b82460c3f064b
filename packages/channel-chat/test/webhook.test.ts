import { vendorSubject } from '@reachkit/testing'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { webhook } from '../src/index.js'
import { webhookKey, webhookSignature } from '../src/webhook/webhook-signature.js'
import { attempt, driverOf, faultsOf, kindOf, takesAddress, vendorThat } from './support/attempt.js'
import { keepsTheContract } from './support/contract.js'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const content = { json: { type: 'order.paid', data: { id: 'A1 🎉 ü' } } }
const gossip = `A1 was told by ${secret}`
const local = (over: object = {}) => webhook({ secret, allowPrivate: true, ...over })

describe('webhook', () => {
  const endpoints = (url: string) => ({ crm: { url: `${url}/open-sesame-77` } })
  keepsTheContract(
    vendorSubject({
      answers: {
        accept: { status: 204 },
        refuse: { status: 400, text: gossip },
        'refuse-address': { status: 410, text: gossip },
        throttle: { status: 429, headers: { 'retry-after': '2' }, text: gossip },
      },
      key: ({ headers }) => String(headers['idempotency-key']),
      channel: ({ url }) => local({ deduplicates: true, endpoints: endpoints(url) }),
      to: 'crm',
      content,
      secrets: ['A1 🎉 ü', secret, secret.slice(6), 'open-sesame-77'],
    }),
    // Whatever a receiver answers with 2xx, it has taken the call.
    ['rubbish'],
  )
})

describe('webhook: what is sent', () => {
  it('is signed as in the example of Standard Webhooks', () => {
    const key = webhookKey(secret)
    expect(key).toBeDefined()
    expect(
      webhookSignature(key ?? Buffer.of(), 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}'),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('is verified by the library of Standard Webhooks, by the secret now and by the one before', async () => {
    const vendor = await vendorThat({ status: 202 })
    await attempt(local({ previousSecret: other }), { to: `${vendor.url}/hook?a=1`, content }, Date.now())
    const [request] = vendor.requests
    expect(request).toMatchObject({ method: 'POST', url: '/hook?a=1', json: content.json })
    const headers = request?.headers as Record<string, string>
    for (const known of [secret, other])
      expect(new Webhook(known).verify(request?.text ?? '', headers)).toEqual(content.json)
    const stranger = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
    expect(() => new Webhook(stranger).verify(request?.text ?? '', headers)).toThrow('No matching signature')
    expect(() => new Webhook(secret).verify(`${request?.text} `, headers)).toThrow('No matching signature')
  })

  it('has the idempotency key twice, for receivers of either kind, and headers of its own', async () => {
    const vendor = await vendorThat({})
    const text = '<order id="A1">🎉</order>'
    const given = { text, contentType: 'application/xml', headers: { 'X-Tenant': 'acme' } }
    const { outcome } = await attempt(local(), { to: vendor.url, content: given }, 1_614_265_330_999)
    expect(outcome).toEqual({ kind: 'sent' })
    expect(vendor.requests).toMatchObject([
      {
        text,
        headers: {
          'content-type': 'application/xml',
          'idempotency-key': 'parcel.0.chat.1',
          'webhook-id': 'parcel.0.chat.1',
          'webhook-timestamp': '1614265330',
          'x-tenant': 'acme',
        },
      },
    ])
  })

  it('goes to endpoints by name, with secrets of their own', async () => {
    const vendor = await vendorThat({})
    const endpoints = { crm: { url: `${vendor.url}/crm`, secret: other } }
    await attempt(local({ endpoints }), { to: 'crm', content }, Date.now())
    const [request] = vendor.requests
    expect(request?.url).toBe('/crm')
    expect(new Webhook(other).verify(request?.text ?? '', request?.headers as Record<string, string>)).toEqual(
      content.json,
    )
    expect((await attempt(local({ endpoints }), { to: 'erp', content })).outcome).toMatchObject({
      invalidAddress: true,
    })
  })

  it('never goes to a private address, by number, by name, or by a redirect', async () => {
    const vendor = await vendorThat({})
    const careful = webhook({ secret })
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1']) {
      const to = vendor.url.replace('127.0.0.1', host)
      expect((await attempt(careful, { to, content })).outcome).toMatchObject({ reason: 'webhook private address' })
    }
    expect(vendor.requests).toEqual([])
    const away = await vendorThat({ status: 302, headers: { location: vendor.url } })
    expect((await attempt(local(), { to: away.url, content })).outcome).toMatchObject({ reason: 'webhook http 302' })
    expect(vendor.requests).toEqual([])
  })
})

describe('webhook: what answers mean', () => {
  it.each([
    [200, 'sent'],
    [202, 'sent'],
    [204, 'sent'],
    [302, 'unknown'],
    [400, 'rejected'],
    [401, 'fault'],
    [404, 'rejected'],
    [408, 'unknown'],
    [409, 'unknown'],
    [410, 'dead'],
    [422, 'rejected'],
    [429, 'retry'],
    [500, 'unknown'],
    [502, 'unknown'],
  ])('%i: %s', async (status, kind) => {
    const vendor = await vendorThat({ status })
    expect(kindOf(await attempt(local(), { to: vendor.url, content }))).toBe(kind)
  })
})

describe('webhook: what is refused before', () => {
  it('addresses', async () => {
    for (const fine of ['https://a.example/hook?b=c', 'http://a.example', 'crm'])
      expect(await takesAddress(local(), fine)).toBe(true)
    for (const wrong of ['ftp://a.example', 'https://u:p@a.example', 'https://a.example/\r\nb', 'a b', '', 7])
      expect(await takesAddress(local(), wrong)).toBe(false)
  })

  it('content', async () => {
    const faults = async (over: object) => faultsOf(local(), { ...content, ...over })
    expect(await faults({})).toEqual([])
    expect(await faults({ text: 'a' })).toHaveLength(1)
    expect(await faults({ json: undefined })).toHaveLength(1)
    expect(await faults({ json: 7n })).toHaveLength(1)
    for (const headers of [
      { 'x-a': 'b\r\nx-c: d' },
      { 'x-a\r\nx-c': 'd' },
      { 'x-a': 'ü' },
      { 'Webhook-Id': 'a' },
      { 'Content-Length': '1' },
      { Host: 'b.example' },
    ])
      expect(await faults({ headers })).toHaveLength(1)
  })

  it('options', () => {
    expect(() => webhook({ secret: 'open-sesame' })).toThrow(
      /^(?!.*open-sesame).*REACH_OPTION_INVALID: webhook: secret/,
    )
    expect(() => webhook({ secret: `whsec_${Buffer.alloc(23).toString('base64')}` })).toThrow(/24 to 64 bytes/)
    expect(() => webhook({ secret, endpoint: 'https://a.example' } as never)).toThrow(/no option 'endpoint'/)
  })

  it('a secret of the function that is none', async () => {
    const broken = webhook({ secret: async () => 'open-sesame' })
    expect((await attempt(broken, { to: 'https://a.example', content })).outcome).toEqual({
      kind: 'retry',
      reason: 'webhook a secret is not whsec_ and 24 to 64 bytes in base64',
    })
  })

  it('deduplicates only where the option says so', () => {
    expect(driverOf(local()).capabilities.deduplicates).toBe(false)
    expect(driverOf(local({ deduplicates: true })).capabilities.deduplicates).toBe(true)
  })
})
