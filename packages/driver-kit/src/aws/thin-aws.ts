import { type DeliveryContext, type DeliveryOutcome, isNotSentError, retry, sent, unknown } from '@reachkit/core/spec'
import { createHttp } from '../http/http.js'
import type { HttpSettings } from '../http/http-settings.js'
import { LostAnswerError } from '../http/lost-answer.js'
import { type ReadCredentials, readCredentials } from '../options/credentials.js'
import type { OptionReader } from '../options/option-reader.js'
import type { AwsFailure } from './aws-outcome.js'
import { type AwsKeys, awsQuery } from './aws-query.js'

/** Where and as whom the thin client calls. */
export interface ThinAwsSettings {
  readonly service: string
  readonly region: string
  readonly endpoint: string
  readonly credentials: ReadCredentials<AwsKeys>
  readonly http: HttpSettings
}

/** A client of one of AWS's Query APIs that does nothing but sign and send. */
export interface ThinAws {
  /** One call, one try. `sent` with the MessageId of the answer; `unknown` where it has none. */
  send(
    action: string,
    version: string,
    fields: Readonly<Record<string, string | undefined>>,
    context: DeliveryContext,
  ): Promise<DeliveryOutcome>
  close(): Promise<void>
}

/** `client: 'thin'`: the SDK's own ways to find a region and keys are not there, so both are needed. */
export function readThinAws(
  options: OptionReader,
  { service, host, connections }: { readonly service: string; readonly host: string; readonly connections: number },
): ThinAwsSettings {
  const region = options.required(options.read('region', isRegion, 'the name of a region'), 'region')
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return {
    service,
    region,
    endpoint: (options.webUrl('endpoint') ?? `https://${host}.${region}.${domain}`).replace(/\/+$/, ''),
    credentials: readCredentials(options, 'credentials', ['accessKeyId', 'secretAccessKey'], ['sessionToken']),
    http: { connections },
  }
}

export function createThinAws(
  { service, region, endpoint, credentials, http: settings }: ThinAwsSettings,
  vendor: string,
  outcomeOf: (failure: AwsFailure) => DeliveryOutcome,
): ThinAws {
  const http = createHttp(settings)
  return {
    async send(action, version, fields, context) {
      try {
        const call = { service, region, endpoint, action, version, fields }
        const answer = await awsQuery(http, call, await credentials(), context, 'MessageId')
        if (!answer.ok) return outcomeOf(answer.failure)
        return answer.value === undefined ? unknown(`${vendor} no MessageId`) : sent(answer.value)
      } catch (error) {
        if (isNotSentError(error)) return retry(error.afterMs, `${vendor} ${error.message}`)
        if (error instanceof LostAnswerError) return unknown(`${vendor} ${error.reason}`)
        throw error
      }
    },
    close: async () => http.close(),
  }
}

function isRegion(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]{2}(-[a-z]+)+-\d+$/.test(value)
}
