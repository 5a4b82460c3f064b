import {
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'
import type { MailDefaults } from '../mime/outgoing-mail.js'
import { type MailOptions, readMailDefaults } from '../options/mail-options.js'

export interface MailchimpOptions extends Omit<MailOptions, 'returnPath'>, VendorOptions {
  /** A key of Mailchimp Transactional, not one of Mailchimp Marketing. */
  readonly apiKey: Secret
  /** The pool of dedicated addresses that sends. */
  readonly ipPool?: string
  /** The domain where bounces go: one that the account has set up for it. */
  readonly returnPathDomain?: string
}

export interface MailchimpSettings extends VendorSettings {
  readonly apiKey: ReadSecret
  readonly ipPool: string | undefined
  readonly returnPathDomain: string | undefined
  readonly defaults: MailDefaults
}

const names = ['apiKey', 'ipPool', 'returnPathDomain', 'from', 'headers', 'listUnsubscribe']

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveMailchimpOptions(given: MailchimpOptions): MailchimpSettings {
  const options = vendorOptionsReader('mailchimp', given, names)
  return {
    ...readVendorOptions(options, { provider: 'mailchimp', endpoint: 'https://mandrillapp.com' }),
    apiKey: readSecret(options, 'apiKey'),
    ipPool: options.text('ipPool'),
    returnPathDomain: options.text('returnPathDomain'),
    defaults: readMailDefaults(options),
  }
}
