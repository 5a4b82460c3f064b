import {
  awsOptionNames,
  type AwsClient,
  type AwsKeys,
  type AwsOptions,
  type AwsSettings,
  readAwsOptions,
  readVendorOptions,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'

export interface SnsOptions extends AwsOptions, Omit<VendorOptions, 'fetch' | 'endpoint'> {
  /** The name that messages come from, in countries that know such a thing. */
  readonly senderId?: string
  /** The number that messages come from: one of the account, as E.164. */
  readonly originationNumber?: string
  /** `Transactional` or `Promotional`; by the purpose of each message unless told. */
  readonly smsType?: SmsType
}

export type SnsCredentials = AwsKeys

export type SmsType = 'Transactional' | 'Promotional'

/** An SNSClient of @aws-sdk/client-sns, as far as it is needed. */
export type SnsClient = AwsClient

/** The options, checked and with every default filled in. */
export interface SnsSettings extends AwsSettings, Pick<VendorSettings, 'provider' | 'capabilities'> {
  readonly senderId: string | undefined
  readonly originationNumber: string | undefined
  readonly smsType: SmsType | undefined
}

const names = [...awsOptionNames, 'senderId', 'originationNumber', 'smsType']

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveSnsOptions(given: SnsOptions): SnsSettings {
  const options = vendorOptionsReader('sns', given, names)
  if (options.has('fetch')) options.refuse('fetch', 'left out: give a client')
  const { provider, capabilities } = readVendorOptions(options, { provider: 'sns', endpoint: 'https://sns.invalid' })
  const thinly = { service: 'sns', host: 'sns', connections: capabilities.concurrency }
  return {
    ...readAwsOptions(options, 'an SNSClient of @aws-sdk/client-sns', thinly),
    provider,
    capabilities,
    senderId: options.read('senderId', isSenderId, '1 to 11 letters, digits and hyphens'),
    originationNumber: options.read('originationNumber', isNumber, 'a number of the account, as E.164'),
    smsType: options.read('smsType', isSmsType, "'Transactional' or 'Promotional'"),
  }
}

function isSenderId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9-]{1,11}$/.test(value)
}

function isNumber(value: unknown): value is string {
  return typeof value === 'string' && /^\+?\d{3,15}$/.test(value)
}

function isSmsType(value: unknown): value is SmsType {
  return value === 'Transactional' || value === 'Promotional'
}
