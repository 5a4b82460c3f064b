import type { fcm_v1 } from '@googleapis/fcm'
import { expectTypeOf, test } from 'vitest'
import type { FcmMessage } from '../src/fcm/fcm-types.js'

/** Google's discovery document says names in camel case; the API takes both, and its own documents write snake case. */
type Camel<Name> = Name extends `${infer Head}_${infer Rest}` ? `${Head}${Capitalize<Camel<Rest>>}` : Name
type InCamel<Value> = Value extends readonly unknown[] | string | number | boolean
  ? Value
  : { -readonly [Name in keyof Value as Camel<Name>]: InCamel<Value[Name]> }

type Android = NonNullable<FcmMessage['android']>
type Apns = NonNullable<FcmMessage['apns']>
type Web = NonNullable<FcmMessage['webpush']>

test('what we write is what Google describes', () => {
  expectTypeOf<Pick<FcmMessage, 'token' | 'data' | 'notification'>>().toExtend<fcm_v1.Schema$Message>()
  expectTypeOf<InCamel<Omit<Android, 'notification'>>>().toExtend<fcm_v1.Schema$AndroidConfig>()
  expectTypeOf<Camel<keyof Android>>().toExtend<keyof fcm_v1.Schema$AndroidConfig>()
  expectTypeOf<Camel<'channel_id' | 'notification_count' | 'tag' | 'sound'>>().toExtend<
    keyof fcm_v1.Schema$AndroidNotification
  >()
  expectTypeOf<Camel<keyof Apns>>().toExtend<keyof fcm_v1.Schema$ApnsConfig>()
  expectTypeOf<Apns['headers']>().toExtend<NonNullable<fcm_v1.Schema$ApnsConfig['headers']>>()
  expectTypeOf<Camel<keyof Web>>().toExtend<keyof fcm_v1.Schema$WebpushConfig>()
  expectTypeOf<Camel<keyof FcmMessage>>().toExtend<keyof fcm_v1.Schema$Message>()
})
