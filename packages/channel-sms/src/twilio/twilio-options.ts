import {
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'
import { readSid } from './twilio-sid.js'

export interface TwilioOptions extends VendorOptions {
  /** `AC...` */
  readonly accountSid: string
  /** The auth token of the account; with `apiKeySid`, the secret of that key. */
  readonly authToken: Secret
  /** `SK...`, an API key in place of the account's own login. */
  readonly apiKeySid?: string
  /** The sender: a number of the account, a short code or an alphanumeric id. This or `messagingServiceSid`. */
  readonly from?: string
  /** `MG...`, a service that chooses the sender. */
  readonly messagingServiceSid?: string
  /** Where Twilio tells of the delivery. */
  readonly statusCallback?: string
}

export interface TwilioSettings extends VendorSettings {
  readonly accountSid: string
  readonly user: string
  readonly authToken: ReadSecret
  readonly sender: Readonly<Record<'From' | 'MessagingServiceSid', string | undefined>>
  readonly statusCallback: string | undefined
}

const names = ['accountSid', 'authToken', 'apiKeySid', 'from', 'messagingServiceSid', 'statusCallback']

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveTwilioOptions(given: TwilioOptions): TwilioSettings {
  const options = vendorOptionsReader('twilio', given, names)
  const accountSid = options.required(readSid(options, 'accountSid', 'AC'), 'accountSid')
  const from = options.text('from')
  const service = readSid(options, 'messagingServiceSid', 'MG')
  if ((from === undefined) === (service === undefined))
    options.refuse('from', 'given, or messagingServiceSid, not both')
  return {
    ...readVendorOptions(options, { provider: 'twilio', endpoint: 'https://api.twilio.com' }),
    accountSid,
    user: readSid(options, 'apiKeySid', 'SK') ?? accountSid,
    authToken: readSecret(options, 'authToken'),
    sender: { From: from, MessagingServiceSid: service },
    statusCallback: options.webUrl('statusCallback'),
  }
}
