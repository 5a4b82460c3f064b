import { createSign, generateKeyPairSync } from 'node:crypto'
import { type VendorAnswer, vendorSubject } from '@reachkit/testing'
import { AlipaySdk } from 'alipay-sdk'
import { describe, expect, it } from 'vitest'
import { rawMember, signedText } from '../src/alipay/alipay-signature.js'
import { alipay } from '../src/index.js'
import { attempt, faultsOf, kindOf, takesAddress, vendorThat } from './support/attempt.js'
import { keepsTheContract } from './support/contract.js'

const app = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const gateway = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const privateKey = app.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
const alipayPublicKey = gateway.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const appId = '2014072300007148'
const to = '2088102122458832'
const value = 'A1 🎉 支付宝 &=+ü'
const content = {
  template: 'MDI4YzIxMDE2M2I5YTQzYjUxNWE4MjA4NmU1MTIyYmM=',
  page: 'page/component/index?id=A1',
  data: { keyword1: value, keyword2: '20180808' },
  formId: '2017010100000000580012345678',
}
const gossip = `${to} was told "${value}" by ${privateKey}`
const name = 'alipay_open_app_mini_templatemessage_send_response'

function answered(member: object, by = gateway.privateKey, node = name): VendorAnswer {
  const part = JSON.stringify(member)
  const sign = createSign('RSA-SHA256').update(part).sign(by, 'base64')
  return { headers: { 'content-type': 'text/html;charset=utf-8' }, text: `{"${node}":${part},"sign":"${sign}"}` }
}

const success = answered({ code: '10000', msg: 'Success' })
const refusal = (code: string, sub_code?: string) => answered({ code, msg: 'Failed', sub_code, sub_msg: gossip })
const at = (endpoint: string) => alipay({ endpoint: `${endpoint}/gateway.do`, appId, privateKey, alipayPublicKey })

describe('alipay', () => {
  keepsTheContract(
    vendorSubject({
      answers: {
        accept: success,
        refuse: refusal('40004', 'USER_TEMPLATE_LACK_KEYWORD'),
        'refuse-inside': answered({ code: '10000', msg: 'Success' }, app.privateKey),
        throttle: refusal('40005', 'isv.app-call-limited'),
      },
      channel: ({ url }) => at(url),
      to,
      content,
      secrets: [to, value, privateKey, privateKey.slice(100, 140), content.formId],
    }),
  )
})

describe('alipay: what is sent', () => {
  it("is what Alipay's own SDK sends and signs", async () => {
    const [theirs, ours] = [await vendorThat(success), await vendorThat(success)]
    const pem = app.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
    const sdk = new AlipaySdk({ appId, privateKey: pem, alipayPublicKey, gateway: `${theirs.url}/gateway.do` })
    const { template, page, data, formId } = content
    await sdk.exec(
      'alipay.open.app.mini.templatemessage.send',
      {
        bizContent: {
          to_user_id: to,
          form_id: formId,
          user_template_id: template,
          page,
          data: JSON.stringify({ keyword1: { value: data.keyword1 }, keyword2: { value: data.keyword2 } }),
        },
      },
      { validateSign: true },
    )
    const seen = ({ requests: [request] }: typeof ours) => {
      const target = new URL(request?.url ?? '', 'http://alipay.example')
      return {
        method: request?.method,
        path: target.pathname,
        query: Object.fromEntries(target.searchParams),
        body: Object.fromEntries(request?.form ?? []),
      }
    }
    const expected = seen(theirs)
    // The SDK writes the time of this machine's zone, and signs it.
    const now = Date.parse(`${expected.query['timestamp']?.replace(' ', 'T')}+08:00`)
    expect((await attempt(at(ours.url), { to, content }, now)).outcome).toEqual({ kind: 'sent' })
    expect(seen(ours)).toEqual(expected)
    expect(expected.query['sign']).toMatch(/^[\w+/]{342}==$/)
  })

  it('goes to the open id where the address is one, by the clock of China, for a merchant', async () => {
    const vendor = await vendorThat(success)
    const channel = alipay({
      endpoint: vendor.url,
      appId,
      privateKey: async () => app.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      alipayPublicKey: gateway.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      appAuthToken: '201510BBaabdb44d8fd04607abf8d5931ec75D84',
    })
    const { formId: _, ...subscription } = content
    const openId = '074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5'
    const now = Date.parse('2026-06-01T16:30:05Z')
    expect((await attempt(channel, { to: openId, content: subscription }, now)).outcome).toEqual({ kind: 'sent' })
    const query = new URL(vendor.requests[0]?.url ?? '', 'http://a.example').searchParams
    expect([query.get('timestamp'), query.get('app_auth_token')]).toEqual([
      '2026-06-02 00:30:05',
      '201510BBaabdb44d8fd04607abf8d5931ec75D84',
    ])
    expect(JSON.parse(vendor.requests[0]?.form.get('biz_content') ?? '')).toEqual({
      to_open_id: openId,
      user_template_id: content.template,
      page: content.page,
      data: JSON.stringify({ keyword1: { value }, keyword2: { value: '20180808' } }),
    })
  })

  it('is signed over the text of "Signing by oneself"', () => {
    const parameters = { version: '1.0', app_id: '2014072300007148', charset: 'GBK', biz_content: '{"a":"b c&d"}' }
    expect(signedText(parameters)).toBe('app_id=2014072300007148&biz_content={"a":"b c&d"}&charset=GBK&version=1.0')
  })
})

describe('alipay: what answers mean', () => {
  it.each([
    ['20000', 'isp.unknow-error', 'unknown'],
    ['20000', 'isp.unknown-error', 'unknown'],
    ['20000', 'aop.unknow-error', 'unknown'],
    ['20000', undefined, 'unknown'],
    ['20001', 'aop.invalid-auth-token', 'fault'],
    ['20001', 'aop.auth-token-time-out', 'fault'],
    ['20001', 'aop.invalid-app-auth-token', 'fault'],
    ['20001', 'aop.app-auth-token-time-out', 'fault'],
    ['40001', 'isv.missing-signature', 'fault'],
    ['40001', 'isv.missing-signature-key', 'fault'],
    ['40001', 'isv.missing-app-id', 'fault'],
    ['40001', 'isv.missing-parameter', 'rejected'],
    ['40001', 'isv.missing-app-cert-sn', 'fault'],
    ['40001', 'isv.missing-alipay-root-cert-sn', 'fault'],
    ['40002', 'isv.invalid-app-id', 'fault'],
    ['40002', 'isv.invalid-signature', 'fault'],
    ['40002', 'isv.invalid-signature-type', 'fault'],
    ['40002', 'isv.invalid-timestamp', 'fault'],
    ['40002', 'isv.invalid-parameter', 'rejected'],
    ['40002', 'isv.app-cert-expired', 'fault'],
    ['40002', 'app-cert-expired', 'fault'],
    ['40002', 'isv.not-online-app', 'fault'],
    ['40002', 'not-online-app', 'fault'],
    ['40002', 'isv.forbidden-api', 'fault'],
    ['40003', undefined, 'fault'],
    ['40004', 'SYSTEM_ERROR', 'unknown'],
    ['40004', 'FORM_ID_OVER_TIME', 'rejected'],
    ['40004', 'FORM_ID_NOT_MATCH_APPID', 'rejected'],
    ['40004', 'TRADE_NO_NOT_MATCH_USERID', 'rejected'],
    ['40004', 'USER_TEMPLATE_ILLEGAL', 'fault'],
    ['40004', 'USER_TEMPLATE_LACK_KEYWORD', 'rejected'],
    ['40004', 'USER_KEYWORD_LENGTH_ERROR', 'rejected'],
    ['40004', 'SOMETHING_NEW', 'rejected'],
    ['40005', 'isv.app-call-limited', 'retry'],
    ['40005', 'isv.method-call-limited', 'retry'],
    ['40006', 'isv.insufficient-isv-permissions', 'fault'],
    ['40006', 'isv.insufficient-user-permissions', 'fault'],
    ['40006', undefined, 'fault'],
  ])('%s %s: %s', async (code, subCode, kind) => {
    const vendor = await vendorThat(refusal(code, subCode))
    expect(kindOf(await attempt(at(vendor.url), { to, content }))).toBe(kind)
  })

  it('counts as sent only what Alipay signed', async () => {
    const triedWith = async (answer: VendorAnswer) => attempt(at((await vendorThat(answer)).url), { to, content })
    const outcomeFor = async (answer: VendorAnswer) => (await triedWith(answer)).outcome
    const forged = { ...success, text: success.text?.replace('Success', 'success') ?? '' }
    expect(await outcomeFor(forged)).toEqual({ kind: 'unknown', reason: 'alipay signature wrong' })
    expect(await outcomeFor(answered({ code: '10000' }, app.privateKey))).toMatchObject({ kind: 'unknown' })
    expect(await outcomeFor({ json: { [name]: { code: '10000' } } })).toEqual({
      kind: 'unknown',
      reason: 'alipay not signed',
    })
    // Whoever knows no app cannot say by which key to check.
    const stranger = { json: { error_response: { code: '40002', sub_code: 'isv.invalid-app-id' } } }
    expect(kindOf(await triedWith(stranger))).toBe('fault')
    const refused = JSON.stringify({ code: '40004', sub_code: 'USER_TEMPLATE_LACK_KEYWORD' })
    const refusedBy = createSign('RSA-SHA256').update(refused).sign(gateway.privateKey, 'base64')
    const twice = { text: `{"${name}":${refused},"${name}":{"code":"10000"},"sign":"${refusedBy}"}` }
    expect(kindOf(await triedWith(twice))).toBe('rejected')
    const other = answered({ code: '10000' }, gateway.privateKey, 'alipay_other_response')
    expect(kindOf(await triedWith(other))).toBe('unknown')
  })

  it('reads what is signed as it was written', () => {
    const part = `{"code" : "10000", "msg":"a } \\" { \\\\", "in":{"sign":"x"}}`
    expect(rawMember(`{"sign":"y","${name}" :  ${part} , "alipay_cert_sn":"z"}`, name)).toBe(part)
    expect(rawMember(`{"${name}":{"a":1`, name)).toBeUndefined()
    expect(rawMember('{}', name)).toBeUndefined()
  })
})

describe('alipay: what is refused before', () => {
  const channel = at('https://openapi.alipay.example')

  it('addresses', async () => {
    expect(await takesAddress(channel, to)).toBe(true)
    for (const wrong of ['2088', 'a b c d e f g h i j', `${to}\n`, 2088102122458832])
      expect(await takesAddress(channel, wrong)).toBe(false)
  })

  it('content', async () => {
    expect(await faultsOf(channel, content)).toEqual([])
    expect(await faultsOf(channel, {})).toHaveLength(3)
    expect(await faultsOf(channel, { ...content, page: 'x'.repeat(129) })).toHaveLength(1)
    expect(await faultsOf(channel, { ...content, data: { keyword1: '字'.repeat(50) } })).toEqual([])
    expect(await faultsOf(channel, { ...content, data: { keyword1: '字'.repeat(51) } })).toHaveLength(1)
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`keyword${index}`, 'x'.repeat(50)]))
    expect(await faultsOf(channel, { ...content, data: many })).toEqual([
      'data: must be at most 2048 characters as JSON',
    ])
    expect(await faultsOf(channel, { ...content, data: { keyword1: 7 } })).toHaveLength(1)
  })

  it('options', () => {
    const wrong = (over: object) => () => alipay({ appId, privateKey, alipayPublicKey, ...over })
    expect(wrong({ privateKey: 'open-sesame' })).toThrow(/^(?!.*open-sesame).*REACH_OPTION_INVALID: alipay: privateKey/)
    expect(wrong({ alipayPublicKey: 'AAAA' })).toThrow(/alipay: alipayPublicKey must be an RSA public key/)
    expect(wrong({ privateKey: alipayPublicKey })).toThrow(/privateKey/)
  })

  it('a key of the function that is none', async () => {
    const broken = alipay({ appId, privateKey: async () => 'open-sesame', alipayPublicKey })
    expect((await attempt(broken, { to, content })).outcome).toEqual({
      kind: 'retry',
      reason: 'alipay the function for privateKey answered no RSA key',
    })
  })
})
