import type { ApnsParts, FcmParts, JpushParts, WebParts } from './vendor-parts.js'

/** What a notification says, on any device. */
export interface PushText {
  readonly title?: string
  /** Needed unless `silent`. */
  readonly body?: string
  /** What the app gets beside the text. */
  readonly data?: Readonly<Record<string, string>>
  /** Opened by a tap: a web page, or a link into the app. */
  readonly link?: string
  /** The url of a picture. */
  readonly image?: string
  /** The number on the app's icon; text of digits where a template writes it. */
  readonly badge?: number | string
  /** The name of a sound that the app brings; `default` is the phone's own. */
  readonly sound?: string
  /** A later message with the same word takes the place of an earlier one. At most 64 bytes. */
  readonly collapse?: string
  /** Wakes the app with `data`, and shows nothing. Browsers do not allow it. */
  readonly silent?: boolean
  /** What one push service needs beside that, each by the kind of its devices. */
  readonly vendors?: PushVendors
}

/** What a push notification says, and what it says instead on some devices. */
export interface PushContent extends PushText {
  /** The first that fits a device takes the place of the fields above that it names; where none fits, they stand. */
  readonly variants?: readonly PushVariant[]
}

export interface PushVariant extends PushText {
  readonly when: VariantCondition
}

/** Both must hold where both are given. */
export interface VariantCondition {
  readonly platform?: string | readonly string[]
  /** A range of semver: `>=5.2.0`. A device whose version is not known is in no range. */
  readonly appVersion?: string
}

/** What one push service needs beside the text. */
export interface PushVendors {
  readonly web?: WebParts
  readonly fcm?: FcmParts
  readonly apns?: ApnsParts
  readonly jpush?: JpushParts
}
