import type { DeliveryContext } from '@reachkit/core/spec'
import type { Http } from '../http/http.js'
import type { HttpAnswer } from '../http/http-answer.js'
import { type HttpRequest, queryText } from '../http/http-request.js'
import { targetOf } from '../http/target.js'
import { type AwsFailure, codeText } from './aws-outcome.js'

export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A call of one of AWS's Query APIs ("Making Query requests" in the Amazon SNS API Reference). */
export interface AwsCall {
  /** As the signature names it: `ses`, `sns`. */
  readonly service: string
  readonly region: string
  /** `https://sns.eu-west-1.amazonaws.com`. */
  readonly endpoint: string
  readonly action: string
  readonly version: string
  readonly fields: Readonly<Record<string, string | undefined>>
}

/** Asking for a module again and again costs more than to sign by it. */
let signer: Promise<typeof import('aws4')> | undefined

async function loadSigner(): Promise<typeof import('aws4')> {
  signer ??= import('aws4').then(({ default: aws4 }) => aws4)
  return signer
}

/**
 * The request of a call, signed by AWS Signature Version 4. The signature is made by `aws4`, which is loaded here, when
 * the first one is needed.
 */
export async function awsRequest(call: AwsCall, keys: AwsKeys, now: number): Promise<HttpRequest> {
  const { service, region, endpoint, action, version, fields } = call
  const aws4 = await loadSigner()
  const { host, pathname, origin } = targetOf(endpoint) ?? new URL(endpoint)
  const body = queryText({ Action: action, Version: version, ...fields })
  const signed = aws4.sign(
    {
      service,
      region,
      host,
      method: 'POST',
      path: pathname,
      body,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
        'X-Amz-Date': new Date(now).toISOString().replaceAll(/[:-]|\.\d{3}/g, ''),
      },
    },
    keys,
  )
  const { Host: _host, 'Content-Length': _length, ...headers } = signed.headers ?? {}
  return { method: 'POST', url: origin + pathname, headers: headers as Record<string, string>, body }
}

/** What came of a call: the text of one element of the answer, or how it failed. */
export type AwsAnswer =
  | { readonly ok: true; readonly value: string | undefined }
  | { readonly ok: false; readonly failure: AwsFailure }

/** Sends a call and reads `element`, the one that proves that it was done. Throws what `Http.send` throws. */
export async function awsQuery(
  http: Http,
  call: AwsCall,
  keys: AwsKeys,
  context: DeliveryContext,
  element: string,
): Promise<AwsAnswer> {
  const answer = await http.send(await awsRequest(call, keys, context.clock.now()), context)
  if (answer.ok) return { ok: true, value: elementOf(answer.text, element) }
  return { ok: false, failure: failureOf(answer) }
}

function failureOf({ status, text }: HttpAnswer): AwsFailure {
  return {
    name: codeText(elementOf(text, 'Code')) ?? 'error',
    status,
    system: undefined,
    message: elementOf(text, 'Message') ?? '',
  }
}

/** The text of the first element of that name. What is read by it are ids and codes: there is nothing to unescape. */
function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]{1,500})</${name}>`).exec(xml)?.[1]
}
