import { createReach, message, weighted } from '@reachkit/core'
import { isReachError } from '@reachkit/core/spec'
import { describe, expect, it } from 'vitest'
import { aliyun, httpSms, tencent } from '../src/index.js'

const ali = aliyun({ credentials: { accessKeyId: 'a', accessKeySecret: 'b' }, name: 'aliyun-eu' })
const ten = tencent({ credentials: { secretId: 'a', secretKey: 'b' }, sdkAppId: '1' })
const gateway = httpSms({ endpoint: 'https://gateway.example' })
const both = message('both', {
  content: { sms: { text: 'x', vendors: { aliyun: { template: 'SMS_1' }, tencent: { template: '1' } } } },
})
const one = message('one', { content: { sms: { text: 'x', vendors: { aliyun: { template: 'SMS_1' } } } } })
const none = message('none', { content: { sms: { text: 'x' } } })
const later = message('later', { content: { sms: () => ({ text: 'x' }) } })

/** As code without types may call it. */
const start = (messages: unknown, sms: unknown): unknown => createReach({ messages, channels: { sms } } as never)

describe('a provider whose template is missing is refused at start', () => {
  it.each<[string, unknown, unknown, RegExp]>([
    ['alone', [none], ali, /'none': missing: content\.sms\.vendors\.aliyun, without which 'aliyun-eu' cannot send/],
    ['in a split', [both, one], weighted([ali, 70], [ten, 30]), /'one': missing: content\.sms\.vendors\.tencent/],
  ])('%s', (_where, messages, sms, why) => {
    const refused = (error: unknown): boolean => isReachError(error, 'REACH_MESSAGE_INVALID') && why.test(error.message)
    expect(() => start(messages, sms)).toThrow(expect.toSatisfy(refused))
  })

  it('and not where it is there, is not needed, or is known only later', () => {
    expect(start([both], weighted([ali, 70], [ten, 30]))).toHaveProperty('notify')
    expect(start([one, none], gateway)).toHaveProperty('notify')
    expect(start([later], ali)).toHaveProperty('notify')
  })
})
