import { expect, it } from 'vitest'
import { awsRequest } from './aws-query.js'

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const call = {
  service: 'sns',
  region: 'us-east-1',
  endpoint: 'https://sns.us-east-1.amazonaws.com',
  action: 'Publish',
  version: '2010-03-31',
  fields: { Message: 'ü 😀&=', PhoneNumber: '+12025550123', Subject: undefined },
}
const now = Date.parse('2026-06-01T00:00:00.500Z')

it('is a form, with the date that is signed', async () => {
  const { url, body, headers } = await awsRequest(call, keys, now)
  expect([url, body]).toEqual([
    'https://sns.us-east-1.amazonaws.com/',
    'Action=Publish&Version=2010-03-31&Message=%C3%BC+%F0%9F%98%80%26%3D&PhoneNumber=%2B12025550123',
  ])
  expect(headers).toMatchObject({ 'X-Amz-Date': '20260601T000000Z' })
  expect(headers?.['Authorization']).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260601\/us-east-1\/sns\/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/,
  )
})

it('is another signature for another key, body, region or day', async () => {
  const signatureOf = async (...given: Parameters<typeof awsRequest>) =>
    (await awsRequest(...given)).headers?.['Authorization']?.slice(-64)
  const signatures = await Promise.all([
    signatureOf(call, keys, now),
    signatureOf(call, { ...keys, secretAccessKey: 'x' }, now),
    signatureOf({ ...call, fields: {} }, keys, now),
    signatureOf({ ...call, region: 'eu-west-1' }, keys, now),
    signatureOf(call, keys, now + 86_400_000),
  ])
  expect(new Set(signatures).size).toBe(5)
})
