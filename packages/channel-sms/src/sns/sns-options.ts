import {
  readThinAws,
  readVendorOptions,
  type ThinAwsSettings,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'

export interface SnsOptions extends Omit<VendorOptions, 'fetch'> {
  /** `eu-west-1`. The SDK finds it by itself where it is left out (shared config, environment). */
  readonly region?: string
  /** Keys, or a provider of @aws-sdk/credential-providers; the SDK's own chain when left out. */
  readonly credentials?: SnsCredentials | (() => Promise<SnsCredentials>)
  /** The name that messages come from, in countries that know such a thing. */
  readonly senderId?: string
  /** The number that messages come from: one of the account, as E.164. */
  readonly originationNumber?: string
  /** `Transactional` or `Promotional`; by the purpose of each message unless told. */
  readonly smsType?: SmsType
  /**
   * An SNSClient of the app's own: it is not closed, and should have `maxAttempts: 1`. Excludes region, credentials and
   * endpoint. Or `'thin'`: no SDK, and region and credentials are needed.
   */
  readonly client?: SnsClient | 'thin'
}

export interface SnsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export type SmsType = 'Transactional' | 'Promotional'

/** What is needed of an SNSClient, so that this package's types do not need the SDK's. */
export interface SnsClient {
  send(command: never, options?: never): Promise<unknown>
}

/** The options, checked and with every default filled in. */
export interface SnsSettings extends Pick<VendorSettings, 'provider' | 'capabilities'> {
  readonly region: string | undefined
  readonly credentials: SnsOptions['credentials']
  readonly endpoint: string | undefined
  readonly senderId: string | undefined
  readonly originationNumber: string | undefined
  readonly smsType: SmsType | undefined
  readonly client: SnsClient | undefined
  /** There where no SDK is used. */
  readonly thin: ThinAwsSettings | undefined
}

const names = ['region', 'credentials', 'senderId', 'originationNumber', 'smsType', 'client']

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveSnsOptions(given: SnsOptions): SnsSettings {
  const options = vendorOptionsReader('sns', given, names)
  const client = options.read('client', isClient, "an SNSClient of @aws-sdk/client-sns, or 'thin'")
  for (const field of ['region', 'credentials', 'endpoint']) {
    if (client !== undefined && client !== 'thin' && options.has(field)) options.refuse(field, 'left out beside client')
  }
  if (options.has('fetch')) options.refuse('fetch', 'left out: give a client')
  const { provider, capabilities } = readVendorOptions(options, { provider: 'sns', endpoint: 'https://sns.invalid' })
  const thinly = { service: 'sns', host: 'sns', connections: capabilities.concurrency }
  return {
    provider,
    capabilities,
    region: options.text('region'),
    credentials: options.read(
      'credentials',
      isCredentials,
      '{ accessKeyId, secretAccessKey }, or a function that answers them',
    ),
    endpoint: options.webUrl('endpoint'),
    senderId: options.read('senderId', isSenderId, '1 to 11 letters, digits and hyphens'),
    originationNumber: options.read('originationNumber', isNumber, 'a number of the account, as E.164'),
    smsType: options.read('smsType', isSmsType, "'Transactional' or 'Promotional'"),
    client: client === 'thin' ? undefined : client,
    thin: client === 'thin' ? readThinAws(options, thinly) : undefined,
  }
}

function isClient(value: unknown): value is SnsClient | 'thin' {
  if (value === 'thin') return true
  return typeof value === 'object' && value !== null && 'send' in value && typeof value.send === 'function'
}

function isCredentials(value: unknown): value is NonNullable<SnsOptions['credentials']> {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null || !('accessKeyId' in value) || !('secretAccessKey' in value))
    return false
  return typeof value.accessKeyId === 'string' && typeof value.secretAccessKey === 'string'
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
