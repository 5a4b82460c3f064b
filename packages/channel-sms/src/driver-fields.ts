import type { DriverFields } from '@reachkit/driver-kit'
import { addressSchema, type PhoneNumber } from './address/phone-number.js'
import { contentSchema } from './content/content-schema.js'
import type { SmsContent } from './content/sms-content.js'

/** What every driver of the SMS channel says of itself: addresses and content are the same whoever sends. */
export const driverFields: DriverFields<'sms', PhoneNumber, SmsContent> = {
  specVersion: 1,
  channel: 'sms',
  addressing: 'address',
  address: addressSchema,
  content: contentSchema,
  html: [],
}
