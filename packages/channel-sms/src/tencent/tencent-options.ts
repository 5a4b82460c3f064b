import {
  type Credentials,
  type ReadCredentials,
  readCredentials,
  readVendorOptions,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'
import type { Tc3Key } from './tc3.js'

export interface TencentOptions extends VendorOptions {
  /** A key pair, or a function that answers one before each call, such as one that ends. */
  readonly credentials: Credentials<TencentCredentials>
  /** The SmsSdkAppId of the console: `1400006666`. */
  readonly sdkAppId: string
  /** The signature of messages that name none; messages to China need one. */
  readonly sign?: string
  /** The sender of messages abroad, where the account has one. */
  readonly senderId?: string
  /** `ap-guangzhou` unless told. */
  readonly region?: string
}

export interface TencentCredentials {
  readonly secretId: string
  readonly secretKey: string
  readonly token?: string
}

export interface TencentSettings extends VendorSettings {
  readonly credentials: ReadCredentials<Tc3Key>
  readonly sdkAppId: string
  readonly sign: string | undefined
  readonly senderId: string | undefined
  readonly region: string
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveTencentOptions(given: TencentOptions): TencentSettings {
  const options = vendorOptionsReader('tencent', given, ['credentials', 'sdkAppId', 'sign', 'senderId', 'region'])
  return {
    ...readVendorOptions(options, {
      provider: 'tencent',
      endpoint: 'https://sms.tencentcloudapi.com',
      concurrency: 400,
      batch: 200,
    }),
    credentials: readCredentials(options, 'credentials', ['secretId', 'secretKey'], ['token']),
    sdkAppId: options.required(options.text('sdkAppId'), 'sdkAppId'),
    sign: options.text('sign'),
    senderId: options.text('senderId'),
    region: options.text('region') ?? 'ap-guangzhou',
  }
}
