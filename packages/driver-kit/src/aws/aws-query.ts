import type * as aws4Types from 'aws4'
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

type Signer = Pick<typeof aws4Types, 'sign'>
let loaded: Promise<Signer> | undefined

/** Loaded once: an `import()` that was done before still costs more than the signature. */
function signer(): Promise<Signer> {
  loaded ??= import('aws4').then((module) => module.default)
  return loaded
}

/**
 * The request of a call, signed by AWS Signature Version 4. The signature is made by `aws4`, which is loaded here, when
 * the first one is needed.
 */
export async function awsRequest(call: AwsCall, keys: AwsKeys, now: number): Promise<HttpRequest> {
  const { service, region, endpoint, action, version, fields } = call
  const aws4 = await signer()
  const { host, pathname, origin } = targetOf(endpoint) ?? new URL(endpoint)
  const body = queryText({ Action: action, Version: version, ...fields })
  const given = { 'Content-Type': contentType, 'X-Amz-Date': dateText(now) }
  const signed = aws4.sign({ service, region, host, method: 'POST', path: pathname, body, headers: given }, keys)
  const headers = { ...signed.headers } as Record<string, string>
  // Whoever sends the request writes them, as they were signed.
  delete headers['Host']
  delete headers['Content-Length']
  return { method: 'POST', url: origin + pathname, headers, body }
}

const contentType = 'application/x-www-form-urlencoded; charset=utf-8'

let lastDate: { readonly second: number; readonly text: string } | undefined

/** `20260601T000000Z` */
function dateText(now: number): string {
  const second = Math.floor(now / 1_000)
  if (lastDate?.second !== second) {
    const text = new Date(second * 1_000).toISOString().replaceAll(/[:-]|\.\d{3}/g, '')
    lastDate = { second, text }
  }
  return lastDate.text
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
  const start = xml.indexOf(`<${name}>`)
  const end = xml.indexOf(`</${name}>`, start)
  const text = start < 0 ? '' : xml.slice(start + name.length + 2, end)
  return end < 0 || text === '' || text.includes('<') ? undefined : text
}
