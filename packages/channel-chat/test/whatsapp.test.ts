import { vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { whatsapp } from '../src/index.js'
import { attempt, faultsOf, kindOf, takesAddress, vendorThat } from './support/attempt.js'
import { keepsTheContract } from './support/contract.js'

const to = '+4915112345678'
const accessToken = 'EAAG-open-sesame-77'
const value = 'A1 🎉 ü'
const gossip = `${to} was told "${value}" by ${accessToken}`
const content = { template: 'order_paid', language: 'en_US', body: [value] }
const id = 'wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA'

/** The answer of Meta's document, "Messages". */
const accepted = {
  json: {
    messaging_product: 'whatsapp',
    contacts: [{ input: to, wa_id: to.slice(1) }],
    messages: [{ id, message_status: 'accepted' }],
  },
}

const refusal = (status: number, code: number) => ({
  status,
  json: {
    error: {
      message: `(#${code}) ${gossip}`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details: gossip },
      fbtrace_id: 'Az8or2yhqkZfEZ-_4Qn_Bam',
    },
  },
})

const at = (endpoint: string) => whatsapp({ endpoint, phoneNumberId: '106540352242922', accessToken })

describe('whatsapp', () => {
  keepsTheContract(
    vendorSubject({
      answers: {
        accept: accepted,
        refuse: refusal(400, 132_000),
        'refuse-address': refusal(400, 131_021),
        'refuse-inside': { json: refusal(200, 132_012).json },
        throttle: refusal(429, 130_429),
      },
      channel: ({ url }) => at(url),
      to,
      content,
      secrets: [to, value, accessToken],
    }),
  )
})

describe('whatsapp: what is sent', () => {
  it('is as Meta documents template messages', async () => {
    const vendor = await vendorThat(accepted)
    const { outcome } = await attempt(at(vendor.url), {
      to,
      content: {
        ...content,
        header: { image: 'https://shop.example/a.png' },
        body: [value, 'two\r\n\tlines', 'a     b', 'a  b'],
        buttons: [
          { index: 0, type: 'url', value: 'orders/A1' },
          { index: 1, type: 'quick_reply', value: 'stop' },
          { index: 2, type: 'copy_code', value: '25OFF' },
        ],
      },
    })
    expect(outcome).toEqual({ kind: 'sent', providerId: id })
    expect(vendor.requests).toMatchObject([
      {
        method: 'POST',
        url: '/v24.0/106540352242922/messages',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      },
    ])
    const text = (given: string) => ({ type: 'text', text: given })
    expect(vendor.requests[0]?.json).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to,
      type: 'template',
      template: {
        name: 'order_paid',
        language: { code: 'en_US' },
        components: [
          { type: 'header', parameters: [{ type: 'image', image: { link: 'https://shop.example/a.png' } }] },
          { type: 'body', parameters: [text(value), text('two lines'), text('a b'), text('a  b')] },
          { type: 'button', sub_type: 'url', index: '0', parameters: [text('orders/A1')] },
          { type: 'button', sub_type: 'quick_reply', index: '1', parameters: [{ type: 'payload', payload: 'stop' }] },
          {
            type: 'button',
            sub_type: 'copy_code',
            index: '2',
            parameters: [{ type: 'coupon_code', coupon_code: '25OFF' }],
          },
        ],
      },
    })
  })

  it('names the parameters that have names, and has no components where there are none', async () => {
    const vendor = await vendorThat(accepted)
    const plain = { template: 'hello', language: 'de' }
    await attempt(at(vendor.url), { to, content: { ...plain, header: { text: 'Hi' }, body: { order_id: value } } })
    await attempt(at(vendor.url), { to, content: plain })
    expect(vendor.requests.map(({ json }) => (json as { template: object }).template)).toEqual([
      {
        name: 'hello',
        language: { code: 'de' },
        components: [
          { type: 'header', parameters: [{ type: 'text', text: 'Hi' }] },
          { type: 'body', parameters: [{ type: 'text', parameter_name: 'order_id', text: value }] },
        ],
      },
      { name: 'hello', language: { code: 'de' } },
    ])
  })
})

describe('whatsapp: what answers mean', () => {
  it.each([
    [401, 0, 'fault'],
    [400, 1, 'unknown'],
    [503, 2, 'unknown'],
    [500, 3, 'fault'],
    [400, 4, 'retry'],
    [403, 10, 'fault'],
    [400, 33, 'fault'],
    [400, 100, 'rejected'],
    [401, 190, 'fault'],
    [403, 200, 'fault'],
    [403, 368, 'fault'],
    [400, 80_007, 'retry'],
    [429, 130_429, 'retry'],
    [400, 130_472, 'rejected'],
    [403, 130_497, 'rejected'],
    [500, 131_000, 'unknown'],
    [403, 131_005, 'fault'],
    [400, 131_008, 'rejected'],
    [400, 131_009, 'rejected'],
    [500, 131_016, 'unknown'],
    [400, 131_021, 'dead'],
    [400, 131_026, 'rejected'],
    [400, 131_030, 'fault'],
    [403, 131_031, 'fault'],
    [400, 131_037, 'fault'],
    [400, 131_042, 'fault'],
    [500, 131_045, 'fault'],
    [400, 131_047, 'rejected'],
    [400, 131_048, 'fault'],
    [400, 131_049, 'rejected'],
    [400, 131_050, 'rejected'],
    [400, 131_051, 'rejected'],
    [400, 131_052, 'rejected'],
    [400, 131_053, 'rejected'],
    [400, 131_056, 'retry'],
    [500, 131_057, 'retry later'],
    [400, 132_000, 'rejected'],
    [404, 132_001, 'fault'],
    [400, 132_005, 'rejected'],
    [400, 132_007, 'rejected'],
    [400, 132_012, 'rejected'],
    [400, 132_015, 'fault'],
    [400, 132_016, 'fault'],
    [400, 132_018, 'rejected'],
    [400, 132_068, 'fault'],
    [429, 132_069, 'fault'],
    [400, 133_010, 'fault'],
    [400, 135_000, 'rejected'],
    [400, 139_000, 'fault'],
    [400, 999_999, 'rejected'],
    [500, 999_999, 'unknown'],
  ])('%i with %i: %s', async (status, code, kind) => {
    const vendor = await vendorThat(refusal(status, code))
    expect(kindOf(await attempt(at(vendor.url), { to, content }))).toBe(kind)
  })

  it('a business number that is not there is no wrong parameter of the message', async () => {
    const { error } = refusal(400, 100).json
    const vendor = await vendorThat({ status: 400, json: { error: { ...error, error_subcode: 33 } } })
    expect(await attempt(at(vendor.url), { to, content })).toEqual({
      outcome: { kind: 'retry', afterMs: 300_000, reason: 'whatsapp no-such-number' },
      events: [{ kind: 'warning', messageId: 'parcel.0', reason: 'whatsapp no-such-number' }],
    })
  })

  it('is not sent while the template is being paused', async () => {
    const vendor = await vendorThat({ json: { messages: [{ id, message_status: 'paused' }] } })
    expect((await attempt(at(vendor.url), { to, content })).outcome.kind).toBe('unknown')
  })

  it.each([
    ['a token that has expired', 401, 190],
    ['a template that is not approved', 404, 132_001],
    ['a template that is paused', 400, 132_015],
  ])('warns of %s', async (_fault, status, code) => {
    const vendor = await vendorThat(refusal(status, code))
    const { events } = await attempt(at(vendor.url), { to, content })
    expect(events).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason: `whatsapp ${code}` }])
  })
})

describe('whatsapp: what is refused before', () => {
  const channel = at('https://graph.facebook.example')

  it('addresses', async () => {
    expect(await takesAddress(channel, to)).toBe(true)
    for (const wrong of ['4915112345678', '+0151', '+49 151', '+4915112345678\n', 4915112345678])
      expect(await takesAddress(channel, wrong)).toBe(false)
  })

  it('content', async () => {
    expect(await faultsOf(channel, { ...content, body: { name: value } })).toEqual([])
    expect(await faultsOf(channel, { body: [''] })).toHaveLength(3)
    expect(await faultsOf(channel, { ...content, header: { text: 'x'.repeat(61) } })).toHaveLength(1)
    expect(await faultsOf(channel, { ...content, header: { text: 'x', image: 'https://a.example' } })).toHaveLength(1)
    expect(await faultsOf(channel, { ...content, body: ['😀'.repeat(32_769)] })).toHaveLength(1)
    expect(await faultsOf(channel, { ...content, template: 'a\nb' })).toHaveLength(1)
    expect(await faultsOf(channel, { ...content, buttons: [{ index: 10, type: 'call', value: '' }] })).toHaveLength(3)
  })

  it('options', () => {
    expect(() => whatsapp({ phoneNumberId: '+49', accessToken })).toThrow(
      /REACH_OPTION_INVALID: whatsapp: phoneNumberId/,
    )
    expect(() => whatsapp({ phoneNumberId: '106540352242922', accessToken, apiVersion: '24' })).toThrow(/apiVersion/)
  })
})
