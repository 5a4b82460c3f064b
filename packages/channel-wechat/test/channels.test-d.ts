import { message, failover } from '@reachkit/core'
import type { AddressOf, ContentOf, TemplatedOf } from '@reachkit/core/spec'
import { expectTypeOf, test } from 'vitest'
import {
  miniProgram,
  officialAccount,
  type wecom,
  type WechatAddress,
  type WechatContent,
  type wecomRobot,
} from '../src/index.js'

test('the channels that message types may have content for', () => {
  expectTypeOf<AddressOf<ReachChannels['wechat']>>().toEqualTypeOf<WechatAddress>()
  expectTypeOf<ContentOf<ReachChannels['wechat']>>().toEqualTypeOf<WechatContent>()
  expectTypeOf<ReachChannels['wecom']>().toEqualTypeOf<ReturnType<typeof wecom>>()
  expectTypeOf<ReachChannels['wecomGroup']>().toEqualTypeOf<ReturnType<typeof wecomRobot>>()
})

test('providers of wechat send by templates only', () => {
  expectTypeOf<TemplatedOf<ReturnType<typeof officialAccount>>>().toEqualTypeOf<'officialAccount'>()
  expectTypeOf<TemplatedOf<ReturnType<typeof miniProgram>>>().toEqualTypeOf<'miniProgram'>()
  const app = { appId: 'wx0123456789abcdef', appSecret: 's' }
  const both = failover(officialAccount(app), miniProgram(app))
  expectTypeOf<TemplatedOf<typeof both>>().toEqualTypeOf<'officialAccount' | 'miniProgram'>()
})

test('content of the wrong shape does not compile', () => {
  expectTypeOf(message('a', { content: { wecom: { text: 'Hi' } } }).key).toEqualTypeOf<'a'>()
  // @ts-expect-error it is a template, not templateId
  message('b', { content: { wechat: { vendors: { miniProgram: { templateId: 'x', data: {} } } } } })
  // @ts-expect-error a group's robot has no cards here
  message('c', { content: { wecomGroup: { card: { title: 'a', description: 'b', url: 'https://a.example' } } } })
})
