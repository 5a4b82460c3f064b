/** Push for Reachkit: Web Push, FCM, APNs and JPush, to all devices of a recipient. */
export { webPush } from './web-push/web-push.js'
export type { WebPushOptions } from './web-push/web-push-options.js'
export { fcm } from './fcm/fcm.js'
export type { FcmOptions, ServiceAccount } from './fcm/fcm-options.js'
export { apns } from './apns/apns.js'
export type { ApnsKey } from './apns/apns-key.js'
export type { ApnsOptions } from './apns/apns-options.js'
export { jpush } from './jpush/jpush.js'
export type { JpushOptions } from './jpush/jpush-options.js'
export { byDevice } from './by-device.js'
export type { PushChannel } from './push-channel.js'
export type { PrivateKey } from './options/private-key.js'
export type {
  ApnsDevice,
  DeviceFacts,
  FcmDevice,
  JpushDevice,
  PushAddress,
  PushDevice,
  WebDevice,
  WebSubscription,
} from './device/push-device.js'
export type { PushContent, PushText, PushVariant, PushVendors, VariantCondition } from './content/push-content.js'
export type { ApnsParts, FcmParts, Json, JsonFields, JpushParts, WebParts } from './content/vendor-parts.js'
