import type { SmsRequest } from '../sms-request.js'
import type { SnsSettings } from './sns-options.js'

/** What Publish is told of one message ("Publish" in the Amazon SNS API Reference). */
export interface Publish {
  readonly PhoneNumber: string
  readonly Message: string
  readonly MessageAttributes: Readonly<Record<string, { readonly DataType: 'String'; readonly StringValue: string }>>
}

/** The attributes are those of "Sending SMS messages" in the Amazon SNS Developer Guide. */
export function publishOf({ to, content, purpose }: SmsRequest, settings: SnsSettings): Publish {
  const { senderId, originationNumber, smsType } = settings
  const attributes = {
    'AWS.SNS.SMS.SMSType': smsType ?? (purpose === 'marketing' ? 'Promotional' : 'Transactional'),
    'AWS.SNS.SMS.SenderID': senderId,
    'AWS.MM.SMS.OriginationNumber': originationNumber,
  }
  const given = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, { DataType: 'String', StringValue: value }] as const],
  )
  return { PhoneNumber: to, Message: content.text, MessageAttributes: Object.fromEntries(given) }
}

/** The same as the fields of a Query request. */
export function publishFields({ PhoneNumber, Message, MessageAttributes }: Publish): Readonly<Record<string, string>> {
  const fields: Record<string, string> = { PhoneNumber, Message }
  for (const [index, [name, value]] of Object.entries(MessageAttributes).entries()) {
    const entry = `MessageAttributes.entry.${index + 1}`
    fields[`${entry}.Name`] = name
    fields[`${entry}.Value.DataType`] = value.DataType
    fields[`${entry}.Value.StringValue`] = value.StringValue
  }
  return fields
}
