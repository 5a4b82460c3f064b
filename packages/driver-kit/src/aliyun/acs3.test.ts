import { expect, it } from 'vitest'
import { acs3Headers, acs3Query, type Acs3Request } from './acs3.js'

// The example of "V3 request structure and signature", with its fixed parameters.
const example: Acs3Request = {
  method: 'POST',
  host: 'ecs.cn-shanghai.aliyuncs.com',
  path: '/',
  query: acs3Query({
    RegionId: 'cn-shanghai',
    ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
  }),
  body: '',
  action: 'RunInstances',
  version: '2014-05-26',
}
const key = { accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' }
const moment = { now: Date.parse('2023-10-26T10:22:32Z'), nonce: '3156853299f313e23d1673dc12e1703d' }

it('signs the request of the document as the document does', () => {
  expect(acs3Headers(example, key, moment)).toEqual({
    'x-acs-action': 'RunInstances',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-version': '2014-05-26',
    authorization:
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;' +
      'x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  })
})

it('signs the token of a key that ends, and the type of a body', () => {
  const token = { ...key, securityToken: 'token-1' }
  const headers = acs3Headers({ ...example, contentType: 'application/json', body: '{}' }, token, moment)
  expect(headers).toMatchObject({ 'x-acs-security-token': 'token-1', 'content-type': 'application/json' })
  expect(headers['authorization']).toContain(
    'SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version,',
  )
})

it('writes a query sorted, and by RFC 3986', () => {
  expect(acs3Query({ b: "a b*c~d/e!'()", a: '签名😀', c: undefined })).toBe(
    'a=%E7%AD%BE%E5%90%8D%F0%9F%98%80&b=a%20b%2Ac~d%2Fe%21%27%28%29',
  )
  // Half a letter would be no UTF-8.
  expect(acs3Query({ a: '\ud83d' })).toBe('a=%EF%BF%BD')
})
