import type { DriverCapabilities } from '@reachkit/core/spec'
import type { MailDefaults } from '../mime/outgoing-mail.js'
import { type MailOptions, mailOptionNames, readCapabilities, readMailDefaults } from '../options/mail-options.js'
import { OptionReader, readThinAws, type ThinAwsSettings } from '@reachkit/driver-kit'

export interface SesOptions extends MailOptions {
  /** `eu-west-1`. The SDK finds it by itself where it is left out (shared config, environment). */
  readonly region?: string
  /** Keys, or a provider of @aws-sdk/credential-providers; the SDK's own chain when left out. */
  readonly credentials?: SesCredentials | (() => Promise<SesCredentials>)
  /** Another address of the API, such as a VPC endpoint. */
  readonly endpoint?: string
  /** The configuration set, whose event destinations tell of bounces and opens. */
  readonly configurationSet?: string
  /**
   * An SESClient of the app's own: it is not closed, and should have `maxAttempts: 1`. Excludes region, credentials and
   * endpoint. Or `'thin'`: no SDK, and region and credentials are needed.
   */
  readonly client?: SesClient | 'thin'
  /** Milliseconds of the whole attempt: core's deadline. 30,000 when left out. */
  readonly timeoutMs?: number
}

export interface SesCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What is needed of an SESClient, so that this package's types do not need the SDK's. */
export interface SesClient {
  send(command: never, options?: never): Promise<unknown>
}

/** The options, checked and with every default filled in. */
export interface SesSettings {
  readonly provider: string
  readonly region: string | undefined
  readonly credentials: SesOptions['credentials']
  readonly endpoint: string | undefined
  readonly configurationSet: string | undefined
  readonly client: SesClient | undefined
  /** There where no SDK is used. */
  readonly thin: ThinAwsSettings | undefined
  readonly defaults: MailDefaults
  readonly capabilities: DriverCapabilities
}

const names = ['region', 'credentials', 'endpoint', 'configurationSet', 'client', 'timeoutMs', ...mailOptionNames]

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveSesOptions(given: SesOptions): SesSettings {
  const options = new OptionReader('ses', given, names)
  const client = options.read('client', isClient, "an SESClient of @aws-sdk/client-ses, or 'thin'")
  for (const field of ['region', 'credentials', 'endpoint']) {
    if (client !== undefined && client !== 'thin' && options.has(field)) options.refuse(field, 'left out beside client')
  }
  const capabilities = readCapabilities(options, { timeoutMs: options.count('timeoutMs') ?? 30_000, concurrency: 50 })
  const thinly = { service: 'ses', host: 'email', connections: capabilities.concurrency }
  return {
    provider: options.text('name') ?? 'ses',
    region: options.text('region'),
    credentials: options.read(
      'credentials',
      isCredentials,
      '{ accessKeyId, secretAccessKey }, or a function that answers them',
    ),
    endpoint: options.webUrl('endpoint'),
    configurationSet: options.text('configurationSet'),
    client: client === 'thin' ? undefined : client,
    thin: client === 'thin' ? readThinAws(options, thinly) : undefined,
    defaults: readMailDefaults(options),
    capabilities,
  }
}

function isClient(value: unknown): value is SesClient | 'thin' {
  if (value === 'thin') return true
  return typeof value === 'object' && value !== null && 'send' in value && typeof value.send === 'function'
}

function isCredentials(value: unknown): value is NonNullable<SesOptions['credentials']> {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null || !('accessKeyId' in value) || !('secretAccessKey' in value))
    return false
  return typeof value.accessKeyId === 'string' && typeof value.secretAccessKey === 'string'
}
