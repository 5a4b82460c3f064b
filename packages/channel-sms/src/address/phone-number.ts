import type { ChannelDriver } from '@reachkit/core/spec'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** A number in the form of E.164: `+4915112345678`. */
export type PhoneNumber = string

/** True for a number in the form of E.164 of a length that its country has. */
export function isPhoneNumber(value: unknown): value is PhoneNumber {
  if (typeof value !== 'string' || !/^\+[1-9]\d{4,14}$/.test(value)) return false
  return parsePhoneNumberFromString(value)?.isPossible() ?? false
}

export const addressSchema: ChannelDriver<PhoneNumber, never>['address'] = {
  '~standard': {
    version: 1,
    vendor: 'reachkit',
    validate: (value) =>
      isPhoneNumber(value)
        ? { value }
        : { issues: [{ message: 'must be a phone number in the form of E.164, such as +4915112345678' }] },
  },
}
