import { basicAuth, formRequest, type HttpRequest } from '@reachkit/driver-kit'
import type { SmsRequest } from '../sms-request.js'
import type { TwilioSettings } from './twilio-options.js'

/** The call that creates a message ("Create a Message resource" in Twilio's "Messages resource"). */
export function twilioRequest({ to, content }: SmsRequest, settings: TwilioSettings, authToken: string): HttpRequest {
  const { endpoint, accountSid, user, sender, statusCallback } = settings
  const template = content.vendors?.twilio
  const fields = {
    To: to,
    ...sender,
    Body: template === undefined ? content.text : undefined,
    ContentSid: template?.template,
    ContentVariables: template?.params === undefined ? undefined : JSON.stringify(template.params),
    StatusCallback: statusCallback,
  }
  const url = `${endpoint}/2010-04-01/Accounts/${accountSid}/Messages.json`
  return formRequest(url, fields, { authorization: basicAuth(user, authToken) })
}
