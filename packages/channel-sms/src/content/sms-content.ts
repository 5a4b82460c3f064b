/** What an SMS says. */
export interface SmsContent {
  /** The text. Vendors that send by templates of theirs leave it to the template. */
  readonly text: string
  /** The templates of vendors, each by the name of its vendor. */
  readonly vendors?: SmsVendors
}

/** What vendors need beside the text. */
export interface SmsVendors {
  readonly aliyun?: AliyunTemplate
  readonly tencent?: TencentTemplate
  readonly twilio?: TwilioTemplate
}

/** A template of Aliyun's SMS service. */
export interface AliyunTemplate {
  /** The TemplateCode: `SMS_...`. */
  readonly template: string
  /** The signature, in place of that of the channel. */
  readonly sign?: string
  /** The template's variables, by name. */
  readonly params?: Readonly<Record<string, string>>
}

/** A template of Tencent Cloud's SMS service. */
export interface TencentTemplate {
  /** The TemplateId, a number written as text. */
  readonly template: string
  /** The signature, in place of that of the channel. */
  readonly sign?: string
  /** The template's variables, in their order: `{1}`, `{2}` ... */
  readonly params?: readonly string[]
}

/** A template of Twilio's Content API, which is sent in place of the text. */
export interface TwilioTemplate {
  /** The ContentSid: `HX...`. */
  readonly template: string
  readonly params?: Readonly<Record<string, string>>
}
