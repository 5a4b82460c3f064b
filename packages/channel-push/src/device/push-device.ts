/** What is known of every device. */
export interface DeviceFacts {
  /** What variants of the content go by: `ios`, `android`, `web`, `harmony`. By the kind of the address unless told. */
  readonly platform?: string
  /** The version of the app that is installed there, as semver: `5.2.0`. */
  readonly appVersion?: string
}

/** A browser's subscription, as `JSON.stringify(subscription)` writes it. */
export interface WebSubscription {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
  readonly expirationTime?: number | null
}

export interface WebDevice extends DeviceFacts {
  readonly web: WebSubscription
}
export interface FcmDevice extends DeviceFacts {
  /** A registration token of Firebase. */
  readonly fcm: string
}
export interface ApnsDevice extends DeviceFacts {
  /** The device token in hexadecimal. */
  readonly apns: string
}
export interface JpushDevice extends DeviceFacts {
  /** A registration id of JPush. */
  readonly jpush: string
}

/** One device, by the address that its push service knows it by. */
export type PushDevice = WebDevice | FcmDevice | ApnsDevice | JpushDevice

/** Where a recipient is reached: one device, or all. */
export type PushAddress = PushDevice | readonly PushDevice[]

/** The push services that devices have addresses of. */
export type DeviceKind = 'web' | 'fcm' | 'apns' | 'jpush'

/** The device whose address is of that kind. */
export type DeviceOf<Kind extends DeviceKind> = Extract<PushDevice, Readonly<Record<Kind, unknown>>>
