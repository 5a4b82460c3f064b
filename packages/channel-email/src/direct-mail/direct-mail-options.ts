import {
  type Credentials,
  type ReadCredentials,
  readCredentials,
  readVendorOptions,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'
import type { MailboxInput } from '../address/mailbox.js'
import type { MailDefaults } from '../mime/outgoing-mail.js'
import { type MailOptions, readMailDefaults } from '../options/mail-options.js'

export interface DirectMailOptions extends Pick<MailOptions, 'listUnsubscribe'>, VendorOptions {
  /** An AccessKey, or a function that answers one before each call, such as a key of STS that ends. */
  readonly credentials: Credentials<DirectMailCredentials>
  /** The sender of mails that name none: an address that the console has, with a name of less than 15 characters. */
  readonly from: MailboxInput
  /** A tag that the console has, by which mails are counted. */
  readonly tag?: string
  /** Counts clicks; needs a tag. */
  readonly clickTrace?: boolean
}

export interface DirectMailCredentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

export interface DirectMailSettings extends VendorSettings {
  readonly credentials: ReadCredentials<DirectMailCredentials>
  readonly defaults: MailDefaults
  readonly tag: string | undefined
  readonly clickTrace: boolean
}

const names = ['credentials', 'from', 'listUnsubscribe', 'tag', 'clickTrace']

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveDirectMailOptions(given: DirectMailOptions): DirectMailSettings {
  const options = vendorOptionsReader('directMail', given, names)
  const defaults = readMailDefaults(options)
  if (!isAlias(defaults.from.name)) options.refuse('from', 'a mailbox with a name of less than 15 characters')
  const tag = options.read('tag', isTag, '1 to 128 letters, digits, _ and -')
  const clickTrace = options.flag('clickTrace') ?? false
  if (clickTrace && tag === undefined) options.refuse('tag', 'given together with clickTrace')
  return {
    ...readVendorOptions(options, { provider: 'directMail', endpoint: 'https://dm.aliyuncs.com' }),
    credentials: readCredentials(options, 'credentials', ['accessKeyId', 'accessKeySecret'], ['securityToken']),
    defaults,
    tag,
    clickTrace,
  }
}

function isTag(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,128}$/.test(value)
}

/** True for a name that the API takes beside a sender. */
export function isAlias(name: string | undefined): boolean {
  return name === undefined || Array.from(name).length < 15
}
