import {
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'

export interface JpushOptions extends VendorOptions {
  readonly appKey: string
  readonly masterSecret: Secret
  /** iPhones of the app store; false for builds of developers. True unless told. */
  readonly apnsProduction?: boolean
}

export interface JpushSettings extends VendorSettings {
  readonly appKey: string
  readonly masterSecret: ReadSecret
  readonly apnsProduction: boolean
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveJpushOptions(given: JpushOptions): JpushSettings {
  const options = vendorOptionsReader('jpush', given, ['appKey', 'masterSecret', 'apnsProduction'])
  return {
    ...readVendorOptions(options, { provider: 'jpush', endpoint: 'https://api.jpush.cn' }),
    appKey: options.required(options.read('appKey', isAppKey, 'letters and digits'), 'appKey'),
    masterSecret: readSecret(options, 'masterSecret'),
    apnsProduction: options.flag('apnsProduction') ?? true,
  }
}

function isAppKey(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-zA-Z]{8,64}$/.test(value)
}
