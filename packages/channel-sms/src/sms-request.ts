import type { DeliveryRequest } from '@reachkit/core/spec'
import type { PhoneNumber } from './address/phone-number.js'
import type { SmsContent } from './content/sms-content.js'

/** One message to one number. */
export type SmsRequest = DeliveryRequest<PhoneNumber, SmsContent>
