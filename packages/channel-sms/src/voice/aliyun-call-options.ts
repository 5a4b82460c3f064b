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
import type { AliyunCredentials } from '../aliyun/aliyun-options.js'

export interface AliyunCallOptions extends VendorOptions {
  /** An AccessKey, or a function that answers one before each call, such as a key of STS that ends. */
  readonly credentials: Credentials<AliyunCredentials>
  /** The number that is shown, in the dedicated mode; the shared mode has none. */
  readonly from?: string
}

export interface AliyunCallSettings extends VendorSettings {
  readonly credentials: ReadCredentials<Acs3Key>
  readonly from: string | undefined
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveAliyunCallOptions(given: AliyunCallOptions): AliyunCallSettings {
  const options = vendorOptionsReader('aliyunCall', given, ['credentials', 'from'])
  return {
    ...readVendorOptions(options, { provider: 'aliyun', endpoint: 'https://dyvmsapi.aliyuncs.com' }),
    credentials: readCredentials(options, 'credentials', ['accessKeyId', 'accessKeySecret'], ['securityToken']),
    from: options.text('from'),
  }
}
