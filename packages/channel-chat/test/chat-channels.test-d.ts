import type { AddressOf, ContentOf, TemplatedOf } from '@reachkit/core/spec'
import { expectTypeOf, test } from 'vitest'
import {
  type alipay,
  dingtalk,
  feishu,
  slack,
  type SlackContent,
  telegram,
  type TelegramContent,
  type webhook,
  type whatsapp,
} from '../src/index.js'

test('each network is a channel that message types may have content for', () => {
  expectTypeOf<ReachChannels['telegram']>().toEqualTypeOf<ReturnType<typeof telegram>>()
  expectTypeOf<ReachChannels['whatsapp']>().toEqualTypeOf<ReturnType<typeof whatsapp>>()
  expectTypeOf<ReachChannels['feishu']>().toEqualTypeOf<ReturnType<typeof feishu>>()
  expectTypeOf<ReachChannels['dingtalk']>().toEqualTypeOf<ReturnType<typeof dingtalk>>()
  expectTypeOf<ReachChannels['slack']>().toEqualTypeOf<ReturnType<typeof slack>>()
  expectTypeOf<ReachChannels['alipay']>().toEqualTypeOf<ReturnType<typeof alipay>>()
  expectTypeOf<ReachChannels['webhook']>().toEqualTypeOf<ReturnType<typeof webhook>>()
  expectTypeOf<AddressOf<ReachChannels['telegram']>>().toEqualTypeOf<string | number>()
  expectTypeOf<ContentOf<ReachChannels['telegram']>>().toEqualTypeOf<TelegramContent>()
  expectTypeOf<ContentOf<ReachChannels['slack']>>().toEqualTypeOf<SlackContent>()
  expectTypeOf<TemplatedOf<ReachChannels['whatsapp']>>().toBeNever()
})

test('options that are wrong do not compile', () => {
  expectTypeOf(slack).parameter(0).toHaveProperty('robots')
  // @ts-expect-error a robot has a url
  feishu({ robots: { ops: { secret: 'a' } } })
  // @ts-expect-error Slack's webhooks are not signed
  slack({ robots: { ops: { url: 'https://a.example', secret: 'a' } } })
  // @ts-expect-error each robot has a url of its own
  dingtalk({ robots: { ops: { url: 'https://a.example' } }, endpoint: 'https://b.example' })
  // @ts-expect-error no such option
  telegram({ token: '1:a', chat: 7 })
})
