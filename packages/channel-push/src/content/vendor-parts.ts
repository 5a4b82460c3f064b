/** A part of a vendor's message that is handed on as it is. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
export type JsonFields = Readonly<Record<string, Json>>

/** For browsers. */
export interface WebParts {
  /** Options of `showNotification` beside ours: `{ actions: [...], requireInteraction: true }`. */
  readonly notification?: JsonFields
}

/** For FCM. */
export interface FcmParts {
  /** The Android channel that the notification is shown in. */
  readonly channelId?: string
  /** Fields of `AndroidNotification` beside ours. */
  readonly notification?: JsonFields
}

/** For APNs. */
export interface ApnsParts {
  /** `apns-push-type`; `alert`, or `background` for a silent one, unless told. */
  readonly pushType?: string
  /** `apns-topic` where it is not the app's own: `com.example.app.voip`. */
  readonly topic?: string
  /** Fields of `aps` beside ours: `{ category: 'ORDER', 'thread-id': 'orders' }`. */
  readonly aps?: JsonFields
}

/** For JPush, and the phone makers' own services behind it. */
export interface JpushParts {
  /** Fields of `notification.android` beside ours: `{ channel_id: 'orders', priority: 1 }`. */
  readonly android?: JsonFields
  /** Fields of `notification.hmos` beside ours, for HarmonyOS, which asks for a category: `{ category: 'IM' }`. */
  readonly harmony?: JsonFields
  /** `options.third_party_channel`: what Huawei, Xiaomi, OPPO and vivo are told, each by its name. */
  readonly makers?: Readonly<Record<string, JsonFields>>
}
