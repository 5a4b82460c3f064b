import type { Channel } from '@reachkit/core/spec'
import { addressSchemaOf, type DriverFields } from '@reachkit/driver-kit'
import { type AlipayContent, alipayContentSchema } from './alipay-content.js'

/** A user of Alipay: the open id, or the older user id of 16 digits from 2088 on. */
export type AlipayUser = string

export type AlipayChannel = Channel<'alipay', AlipayUser, AlipayContent>

declare global {
  interface ReachChannels {
    alipay: AlipayChannel
  }
}

export const alipayFields: DriverFields<'alipay', AlipayUser, AlipayContent> = {
  specVersion: 1,
  channel: 'alipay',
  addressing: 'address',
  address: addressSchemaOf(
    (value) => (typeof value === 'string' && /^[\w-]{16,128}$/.test(value) ? value : undefined),
    'must be an open id or a user id of Alipay',
  ),
  content: alipayContentSchema,
  html: [],
}
