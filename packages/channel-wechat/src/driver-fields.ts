import type { DriverFields } from '@reachkit/driver-kit'
import type { WechatContent } from './content/wechat-content.js'
import { wechatContentSchema } from './content/wechat-content-schema.js'
import { addressSchema, type WechatAddress } from './openid/wechat-address.js'

/** What every driver of the WeChat channel says of itself: addresses and content are the same whoever sends. */
export const wechatFields: DriverFields<'wechat', WechatAddress, WechatContent> = {
  specVersion: 1,
  channel: 'wechat',
  addressing: 'address',
  address: addressSchema,
  content: wechatContentSchema,
  html: [],
}
