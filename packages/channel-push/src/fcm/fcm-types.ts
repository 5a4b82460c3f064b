/** The part of FCM's `Message` that we write; a test holds it against Google's own description. */
export interface FcmMessage {
  readonly token: string
  readonly data: Record<string, string>
  readonly notification?: { readonly title?: string; readonly body?: string; readonly image?: string }
  readonly android?: {
    readonly priority: 'HIGH' | 'NORMAL'
    readonly ttl: string
    readonly collapse_key?: string
    readonly notification?: Readonly<Record<string, unknown>> & {
      readonly tag?: string
      readonly sound?: string
      readonly channel_id?: string
      readonly notification_count?: number
    }
  }
  readonly apns?: {
    readonly headers: Record<string, string>
    readonly payload: Readonly<Record<string, unknown>>
    readonly fcm_options?: { readonly image: string }
  }
  readonly webpush?: {
    readonly headers: Record<string, string>
    readonly notification: Readonly<Record<string, unknown>>
    readonly fcm_options?: { readonly link: string }
  }
}
