import type { ChannelDriver, Cost } from '@reachkit/core/spec'
import { describe, expect, it } from 'vitest'
import { aliyun, httpSms, sns, tencent, twilio } from '../src/index.js'
import type { SmsContent } from '../src/index.js'
import { driverOf } from './support/delivery.js'

const to = '+4915112345678' as never
const cost = { currency: 'EUR', micros: 70_000 }
const ali = { credentials: { accessKeyId: 'a', accessKeySecret: 'b' }, sign: '签名' }
const ten = { credentials: { secretId: 'a', secretKey: 'b' }, sdkAppId: '1', sign: '签名' }
const twi = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'b', from: '+15005550006' }

/** How many parts a driver holds for a text. */
function partsOf(driver: ChannelDriver, content: SmsContent): number | undefined {
  const found: Cost | undefined = driver.estimate?.({ to, content })
  if (found === undefined) return undefined
  expect(found.currency).toBe('EUR')
  return found.micros / cost.micros
}

describe('before it is sent, a text is held for by its parts', () => {
  it.each([
    ['sns', driverOf(sns({ region: 'eu-west-1', cost }))],
    ['twilio', driverOf(twilio({ ...twi, cost }))],
    ['httpSms', driverOf(httpSms({ endpoint: 'https://gateway.example', cost }))],
  ])('by %s', (_, driver) => {
    const texts = ['x', 'x'.repeat(160), 'x'.repeat(161), `${'x'.repeat(80)}字`, '字'.repeat(70)]
    expect(texts.map((text) => partsOf(driver, { text }))).toEqual([1, 1, 2, 2, 1])
  })

  it.each([
    ['aliyun', driverOf(aliyun({ ...ali, cost })), { aliyun: { template: 'SMS_1', sign: '一个长签名' } }],
    ['tencent', driverOf(tencent({ ...ten, cost })), { tencent: { template: '1', sign: '一个长签名' } }],
  ])('by %s, with the signature that stands before it', (_, driver, vendors) => {
    // Two letters and their brackets; then five.
    const texts = ['x', '字'.repeat(66), '字'.repeat(67), 'x'.repeat(131)]
    expect(texts.map((text) => partsOf(driver, { text }))).toEqual([1, 1, 2, 3])
    expect(partsOf(driver, { text: '字'.repeat(63), vendors })).toBe(1)
    expect(partsOf(driver, { text: '字'.repeat(64), vendors })).toBe(2)
  })

  it.each([
    ['sns', driverOf(sns({ region: 'eu-west-1' }))],
    ['tencent', driverOf(tencent(ten))],
  ])('and not where nobody knows the price of a part: %s', (_, driver) => {
    expect(partsOf(driver, { text: 'x' })).toBeUndefined()
  })
})
