import {
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
  type OptionReader,
} from '@reachkit/driver-kit'

/** What official accounts and mini-programs are both told. */
export interface AppOptions extends VendorOptions {
  /** `wx...` */
  readonly appId: string
  /** The AppSecret. */
  readonly appSecret: Secret
}

export interface AppSettings extends VendorSettings {
  readonly appId: string
  readonly appSecret: ReadSecret
}

/** A reader for the options of an app; `own` are the names of its own fields. */
export function appOptionsReader(vendor: string, given: unknown, own: readonly string[] = []): OptionReader {
  return vendorOptionsReader(vendor, given, ['appId', 'appSecret', ...own])
}

/** Throws REACH_OPTION_INVALID. */
export function readAppOptions(options: OptionReader, provider: string): AppSettings {
  return {
    ...readVendorOptions(options, { provider, endpoint: 'https://api.weixin.qq.com' }),
    appId: options.required(options.read('appId', isAppId, 'wx and 16 letters and digits'), 'appId'),
    appSecret: readSecret(options, 'appSecret'),
  }
}

function isAppId(value: unknown): value is string {
  return typeof value === 'string' && /^wx[0-9A-Za-z]{16}$/.test(value)
}
