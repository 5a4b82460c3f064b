import {
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'
import { readSid } from '../twilio/twilio-sid.js'

export interface TwilioCallOptions extends VendorOptions {
  /** `AC...` */
  readonly accountSid: string
  /** The auth token of the account; with `apiKeySid`, the secret of that key. */
  readonly authToken: Secret
  /** `SK...`, an API key in place of the account's own login. */
  readonly apiKeySid?: string
  /** The number of the account that calls. */
  readonly from: string
  /** The voice that reads: `Polly.Joanna`. Twilio's own for the language unless told. */
  readonly voice?: string
  /** The language of content that names none. */
  readonly language?: string
  /** Seconds that it rings; Twilio's 60 unless told. */
  readonly ringSeconds?: number
  /** Where Twilio tells how the call went. */
  readonly statusCallback?: string
}

export interface TwilioCallSettings extends VendorSettings {
  readonly accountSid: string
  readonly user: string
  readonly authToken: ReadSecret
  readonly from: string
  readonly voice: string | undefined
  readonly language: string | undefined
  readonly ringSeconds: number | undefined
  readonly statusCallback: string | undefined
}

const names = ['accountSid', 'authToken', 'apiKeySid', 'from', 'voice', 'language', 'ringSeconds', 'statusCallback']

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveTwilioCallOptions(given: TwilioCallOptions): TwilioCallSettings {
  const options = vendorOptionsReader('twilioCall', given, names)
  const accountSid = options.required(readSid(options, 'accountSid', 'AC'), 'accountSid')
  return {
    ...readVendorOptions(options, { provider: 'twilio', endpoint: 'https://api.twilio.com' }),
    accountSid,
    user: readSid(options, 'apiKeySid', 'SK') ?? accountSid,
    authToken: readSecret(options, 'authToken'),
    from: options.required(options.text('from'), 'from'),
    voice: options.text('voice'),
    language: options.text('language'),
    ringSeconds: options.count('ringSeconds', 600),
    statusCallback: options.webUrl('statusCallback'),
  }
}
