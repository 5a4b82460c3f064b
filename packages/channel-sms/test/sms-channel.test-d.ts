import { createReach, failover, message, weighted } from '@reachkit/core'
import type { AddressOf, ContentOf, TemplatedOf } from '@reachkit/core/spec'
import { expectTypeOf, test } from 'vitest'
import { aliyun, aliyunCall, httpSms, type SmsContent, tencent, type VoiceContent } from '../src/index.js'
import type { sns, twilio, twilioCall } from '../src/index.js'

const ali = aliyun({ credentials: { accessKeyId: 'a', accessKeySecret: 'b' } })
const ten = tencent({ credentials: async () => ({ secretId: 'a', secretKey: 'b' }), sdkAppId: '1' })
const gateway = httpSms({ endpoint: 'https://gateway.example' })
const call = aliyunCall({ credentials: { accessKeyId: 'a', accessKeySecret: 'b' } })

test('SMS and calls are channels that message types may have content for', () => {
  expectTypeOf<ReachChannels['sms']>().toEqualTypeOf<ReturnType<typeof twilio>>()
  expectTypeOf<ReachChannels['sms']>().toEqualTypeOf<ReturnType<typeof sns>>()
  expectTypeOf<ReachChannels['sms']>().toEqualTypeOf<typeof gateway>()
  expectTypeOf<AddressOf<ReachChannels['sms']>>().toEqualTypeOf<string>()
  expectTypeOf<ContentOf<ReachChannels['sms']>>().toEqualTypeOf<SmsContent>()
  expectTypeOf<ReachChannels['voice']>().toEqualTypeOf<ReturnType<typeof twilioCall>>()
  expectTypeOf<ContentOf<ReachChannels['voice']>>().toEqualTypeOf<VoiceContent>()
})

test('a channel knows the providers that need a template', () => {
  expectTypeOf<TemplatedOf<typeof gateway>>().toBeNever()
  expectTypeOf<TemplatedOf<typeof ali>>().toEqualTypeOf<'aliyun'>()
  expectTypeOf<TemplatedOf<typeof call>>().toEqualTypeOf<'aliyun'>()
  const split = weighted([ali, 70], [ten, 30])
  expectTypeOf<TemplatedOf<typeof split>>().toEqualTypeOf<'aliyun' | 'tencent'>()
  const standby = failover(gateway, ten)
  expectTypeOf<TemplatedOf<typeof standby>>().toEqualTypeOf<'tencent'>()
})

const both = message('both', {
  content: { sms: { text: 'x', vendors: { aliyun: { template: 'SMS_1' }, tencent: { template: '1' } } } },
})
const one = message('one', { content: { sms: { text: 'x', vendors: { aliyun: { template: 'SMS_1' } } } } })
const alarm = message('alarm', { content: { voice: { text: 'x' } } })

test('a split whose provider has no template does not compile', () => {
  expectTypeOf(createReach).toBeFunction()
  createReach({ messages: [both], channels: { sms: weighted([ali, 70], [ten, 30]) } })
  createReach({ messages: [both, one], channels: { sms: ali } })
  createReach({ messages: [both, one], channels: { sms: gateway } })
  // @ts-expect-error missing: content.sms.vendors.tencent
  createReach({ messages: [both, one], channels: { sms: weighted([ali, 70], [ten, 30]) } })
  // @ts-expect-error missing: content.sms.vendors.tencent
  createReach({ messages: [one], channels: { sms: failover(gateway, ten) } })
  // @ts-expect-error missing: content.voice.vendors.aliyun
  createReach({ messages: [alarm], channels: { voice: call } })
})

test('wrong content and wrong options do not compile', () => {
  expectTypeOf(aliyun).parameter(0).toHaveProperty('credentials')
  // @ts-expect-error tencent counts its variables, aliyun names them
  message('a', { content: { sms: { text: 'x', vendors: { tencent: { template: '1', params: { id: 'x' } } } } } })
  // @ts-expect-error no such vendor
  message('a', { content: { sms: { text: 'x', vendors: { acme: { template: '1' } } } } })
  // @ts-expect-error no such option
  aliyun({ credentials: { accessKeyId: 'a', accessKeySecret: 'b' }, regoin: 'x' })
  // @ts-expect-error keys belong together
  tencent({ credentials: { secretId: 'a' }, sdkAppId: '1' })
})
