import type { DriverCapabilities } from '@reachkit/core/spec'
import {
  awsOptionNames,
  type AwsClient,
  type AwsKeys,
  type AwsOptions,
  type AwsSettings,
  OptionReader,
  readAwsOptions,
  readProviderName,
} from '@reachkit/driver-kit'
import type { MailDefaults } from '../mime/outgoing-mail.js'
import { type MailOptions, mailOptionNames, readCapabilities, readMailDefaults } from '../options/mail-options.js'

export interface SesOptions extends AwsOptions, MailOptions {
  /** The configuration set, whose event destinations tell of bounces and opens. */
  readonly configurationSet?: string
  /** Milliseconds of the whole attempt: core's deadline. 30,000 when left out. */
  readonly timeoutMs?: number
}

export type SesCredentials = AwsKeys

/** An SESClient of @aws-sdk/client-ses, as far as it is needed. */
export type SesClient = AwsClient

/** The options, checked and with every default filled in. */
export interface SesSettings extends AwsSettings {
  readonly provider: string
  readonly configurationSet: string | undefined
  readonly defaults: MailDefaults
  readonly capabilities: DriverCapabilities
}

const names = [...awsOptionNames, 'configurationSet', 'timeoutMs', ...mailOptionNames]

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveSesOptions(given: SesOptions): SesSettings {
  const options = new OptionReader('ses', given, names)
  const capabilities = readCapabilities(options, { timeoutMs: options.count('timeoutMs') ?? 30_000, concurrency: 50 })
  const thinly = { service: 'ses', host: 'email', connections: capabilities.concurrency }
  return {
    ...readAwsOptions(options, 'an SESClient of @aws-sdk/client-ses', thinly),
    provider: readProviderName(options, 'ses'),
    configurationSet: options.text('configurationSet'),
    defaults: readMailDefaults(options),
    capabilities,
  }
}
