/** What an SMS says. */
export interface SmsContent {
  /** The text. Vendors that send by templates of theirs leave it to the template. */
  readonly text: string
  /** The templates of vendors, each by the name of its provider. */
  readonly vendors?: SmsVendors
}

/** What vendors need beside the text. */
export interface SmsVendors {
  readonly twilio?: TwilioTemplate
}

/** A template of Twilio's Content API, which is sent in place of the text. */
export interface TwilioTemplate {
  /** The ContentSid: `HX...`. */
  readonly template: string
  readonly params?: Readonly<Record<string, string>>
}
