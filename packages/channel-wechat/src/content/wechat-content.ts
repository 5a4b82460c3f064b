/** What a WeChat message says: for each kind of app that may send it, one of its templates and what is put into it. */
export interface WechatContent {
  /** At least one of the two. */
  readonly vendors: WechatVendors
}

export interface WechatVendors {
  readonly officialAccount?: OfficialAccountMessage
  readonly miniProgram?: MiniProgramMessage
}

/** The values of a template by their names: `{ thing1: 'Tea', amount2: '¥99.00' }`. Their length and letters go by the name. */
export type TemplateData = Readonly<Record<string, string>>

/** A template message of an official account. Without `url` and `miniProgram` a tap on it does nothing. */
export interface OfficialAccountMessage {
  readonly template: string
  readonly data: TemplateData
  readonly url?: string
  /** A page of a mini-program that is bound to the account; it goes before `url`. */
  readonly miniProgram?: { readonly appId: string; readonly page?: string }
}

/** A subscribe message of a mini-program. */
export interface MiniProgramMessage {
  readonly template: string
  readonly data: TemplateData
  /** A page of the mini-program itself, with its parameters: `pages/order?id=A1`. */
  readonly page?: string
}
