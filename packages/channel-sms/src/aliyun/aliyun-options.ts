import {
  type Acs3Key,
  type Credentials,
  type ReadCredentials,
  readCredentials,
  readVendorOptions,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'

export interface AliyunOptions extends VendorOptions {
  /** An AccessKey, or a function that answers one before each call, such as a key of STS that ends. */
  readonly credentials: Credentials<AliyunCredentials>
  /** The signature of messages that name none: `阿里云`. */
  readonly sign?: string
}

export interface AliyunCredentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

export interface AliyunSettings extends VendorSettings {
  readonly credentials: ReadCredentials<Acs3Key>
  readonly sign: string | undefined
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveAliyunOptions(given: AliyunOptions): AliyunSettings {
  const options = vendorOptionsReader('aliyun', given, ['credentials', 'sign'])
  return {
    ...readVendorOptions(options, {
      provider: 'aliyun',
      endpoint: 'https://dysmsapi.aliyuncs.com',
      concurrency: 200,
      batch: 100,
    }),
    credentials: readCredentials(options, 'credentials', ['accessKeyId', 'accessKeySecret'], ['securityToken']),
    sign: options.text('sign'),
  }
}
