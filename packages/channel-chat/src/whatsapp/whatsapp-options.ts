import {
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'

export interface WhatsAppOptions extends VendorOptions {
  /** The id of the business phone number, which is not the number itself. */
  readonly phoneNumberId: string
  /** An access token with the permission whatsapp_business_messaging. */
  readonly accessToken: Secret
  /** The version of the Graph API; `v24.0` unless told. Meta ends one about two years after it came. */
  readonly apiVersion?: string
}

export interface WhatsAppSettings extends VendorSettings {
  readonly accessToken: ReadSecret
  readonly url: string
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveWhatsAppOptions(given: WhatsAppOptions): WhatsAppSettings {
  const options = vendorOptionsReader('whatsapp', given, ['phoneNumberId', 'accessToken', 'apiVersion'])
  const number = options.required(options.read('phoneNumberId', isNumberId, 'digits only'), 'phoneNumberId')
  const version = options.read('apiVersion', isVersion, "a version such as 'v24.0'") ?? 'v24.0'
  const settings = readVendorOptions(options, { provider: 'whatsapp', endpoint: 'https://graph.facebook.com' })
  return {
    ...settings,
    accessToken: readSecret(options, 'accessToken'),
    url: `${settings.endpoint}/${version}/${number}/messages`,
  }
}

function isNumberId(value: unknown): value is string {
  return typeof value === 'string' && /^\d{5,20}$/.test(value)
}

function isVersion(value: unknown): value is string {
  return typeof value === 'string' && /^v\d{1,3}\.\d{1,2}$/.test(value)
}
