import { expect, it } from 'vitest'
import { acs3Headers } from './acs3.js'
import { aliyunRequest } from './aliyun-request.js'

const key = { accessKeyId: 'id-1', accessKeySecret: 'secret-1' }
const now = Date.parse('2026-06-01T00:00:00Z')

it('puts parameters where the API has them, and signs what is sent', () => {
  const call = {
    endpoint: 'http://127.0.0.1:8080',
    action: 'SendBatchSms',
    version: '2017-05-25',
    query: { TemplateCode: 'SMS_1', OutId: undefined },
    form: { SignNameJson: '["签名"]' },
  }
  const { url, body, headers } = aliyunRequest(call, key, now, 'nonce-1')
  expect([url, body]).toEqual([
    'http://127.0.0.1:8080/?TemplateCode=SMS_1',
    'SignNameJson=%5B%22%E7%AD%BE%E5%90%8D%22%5D',
  ])
  const signed = acs3Headers(
    {
      method: 'POST',
      host: '127.0.0.1:8080',
      path: '/',
      query: 'TemplateCode=SMS_1',
      body: String(body),
      action: 'SendBatchSms',
      version: '2017-05-25',
      contentType: 'application/x-www-form-urlencoded',
    },
    key,
    { now, nonce: 'nonce-1' },
  )
  expect(headers).toEqual({ accept: 'application/json', ...signed })
})

it('has another nonce each time', () => {
  const nonces = [1, 2].map(
    () =>
      aliyunRequest({ endpoint: 'https://a.example', action: 'A', version: '1' }, key, now).headers?.[
        'x-acs-signature-nonce'
      ],
  )
  expect(new Set(nonces).size).toBe(2)
})
