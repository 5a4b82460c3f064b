import { expectTypeOf, test } from 'vitest'
import type { InputOf } from '../../src/message/index.js'
import type { Accepted } from '../../src/reach/notify-types.js'
import type { InputsOf } from '../../src/reach/types.js'
import { firstOf, type Route, split } from '../../src/route/index.js'
import type { beeper, late, orderPaid, ping, reach } from './app.js'
import type { SqlTransaction } from './channels.js'
import type { mistakes } from './mistakes.js'
import type { more } from './more.js'

test('A message type knows the data that notify takes, before the schema changes it.', () => {
  expectTypeOf<InputOf<typeof orderPaid>>().toEqualTypeOf<{ orderId: string; amount: string }>()
  expectTypeOf<InputOf<typeof late>>().toEqualTypeOf<{ code: string }>()
  expectTypeOf<InputOf<typeof more.transformed>['t']>().toEqualTypeOf<string>()
})

test('An app knows its keys and their data.', () => {
  expectTypeOf<keyof InputsOf<typeof reach>>().toEqualTypeOf<'order.paid' | 'late' | 'ping'>()
  expectTypeOf<InputsOf<typeof reach>['ping']>().toEqualTypeOf<InputOf<typeof ping>>()
  expectTypeOf<ReturnType<typeof reach.notify>>().toEqualTypeOf<Promise<Accepted>>()
  expectTypeOf<Parameters<typeof reach.in>>().toEqualTypeOf<[transaction: SqlTransaction]>()
})

test('A route knows its channels, a channel of its own is one of ReachChannels.', () => {
  expectTypeOf(firstOf('mail', split(['text', 1], ['feed', 1]))).toExtend<Route<'mail' | 'text' | 'feed'>>()
  expectTypeOf<ReachChannels['beeper']>().toEqualTypeOf<typeof beeper>()
})

test('Every mistake is an error.', () => {
  expectTypeOf<typeof mistakes>().toBeNumber()
})
