import type { OptionReader } from '../options/option-reader.js'
import { isFields } from '../content/check.js'
import type { AwsKeys } from './aws-query.js'
import { readThinAws, type ThinAwsSettings } from './thin-aws.js'

/** What is needed of a client of AWS's SDK, so that a package's types do not need the SDK's. */
export interface AwsClient {
  send(command: never, options?: never): Promise<unknown>
}

/** Where and as whom an API of AWS is called, by its SDK or without. */
export interface AwsOptions {
  /** `eu-west-1`. The SDK finds it by itself where it is left out (shared config, environment). */
  readonly region?: string
  /** Keys, or a provider of @aws-sdk/credential-providers; the SDK's own chain when left out. */
  readonly credentials?: AwsKeys | (() => Promise<AwsKeys>)
  /** Another address of the API, such as a VPC endpoint. */
  readonly endpoint?: string
  /**
   * A client of the app's own, of the API's package of the SDK: it is not closed, and should have `maxAttempts: 1`. Excludes
   * region, credentials and endpoint. Or `'thin'`: no SDK, and region and credentials are needed.
   */
  readonly client?: AwsClient | 'thin'
}

/** `AwsOptions`, checked. What is undefined is left to the SDK. */
export interface AwsSettings {
  readonly region: string | undefined
  readonly credentials: AwsOptions['credentials']
  readonly endpoint: string | undefined
  readonly client: AwsClient | undefined
  /** There where no SDK is used. */
  readonly thin: ThinAwsSettings | undefined
}

/** The fields of `AwsOptions`. */
export const awsOptionNames: readonly string[] = ['region', 'credentials', 'endpoint', 'client']

/** Reads the fields of `AwsOptions`; throws REACH_OPTION_INVALID. `clientForm` opens what `client` must be. */
export function readAwsOptions(
  options: OptionReader,
  clientForm: string,
  thinly: Parameters<typeof readThinAws>[1],
): AwsSettings {
  const client = options.read('client', isClient, `${clientForm}, or 'thin'`)
  for (const field of ['region', 'credentials', 'endpoint']) {
    if (client !== undefined && client !== 'thin' && options.has(field)) options.refuse(field, 'left out beside client')
  }
  return {
    region: options.text('region'),
    credentials: options.read(
      'credentials',
      isCredentials,
      '{ accessKeyId, secretAccessKey }, or a function that answers them',
    ),
    endpoint: options.webUrl('endpoint'),
    client: client === 'thin' ? undefined : client,
    thin: client === 'thin' ? readThinAws(options, thinly) : undefined,
  }
}

function isClient(value: unknown): value is AwsClient | 'thin' {
  return value === 'thin' || (isFields(value) && typeof value['send'] === 'function')
}

function isCredentials(value: unknown): value is NonNullable<AwsOptions['credentials']> {
  if (typeof value === 'function') return true
  return isFields(value) && typeof value['accessKeyId'] === 'string' && typeof value['secretAccessKey'] === 'string'
}
