import { formRequest, type HttpRequest, jsonRequest, queryText } from '@reachkit/driver-kit'
import type { SmsRequest } from '../sms-request.js'
import type { HttpSmsSettings } from './http-sms-options.js'

/** The call of the gateway, as the options describe it. */
export async function httpSmsRequest(request: SmsRequest, settings: HttpSmsSettings): Promise<HttpRequest> {
  const { endpoint, form, authorization } = settings
  const fields = await fieldsOf(request, settings)
  const headers = authorization === undefined ? {} : { authorization: await authorization() }
  switch (form) {
    case 'json':
      return jsonRequest(endpoint, fields, headers)
    case 'form':
      return formRequest(endpoint, fields, headers)
    case 'query':
      return { method: 'GET', url: `${endpoint}${endpoint.includes('?') ? '&' : '?'}${queryText(fields)}`, headers }
  }
}

async function fieldsOf(
  { to, content, idempotencyKey }: SmsRequest,
  { fields, from, constants, secret }: HttpSmsSettings,
): Promise<Readonly<Record<string, string>>> {
  return {
    ...constants,
    [fields.to]: to,
    [fields.text]: content.text,
    ...(from !== undefined && { [fields.from]: from }),
    ...(fields.key !== undefined && { [fields.key]: idempotencyKey }),
    ...(secret !== undefined && { [secret.field]: await secret.read() }),
  }
}
