import {
  type Credentials,
  type ReadCredentials,
  readCredentials,
  readVendorOptions,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'
import { type Mailbox, type MailboxInput, parseMailbox } from '../address/mailbox.js'

export interface DirectMailOptions extends VendorOptions {
  /** An AccessKey, or a function that answers one before each call, such as a key of STS that ends. */
  readonly credentials: Credentials<DirectMailCredentials>
  /** The sender of mails that name none: an address that the console has, with a name of 15 characters at most. */
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
  readonly from: Mailbox
  readonly tag: string | undefined
  readonly clickTrace: boolean
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveDirectMailOptions(given: DirectMailOptions): DirectMailSettings {
  const options = vendorOptionsReader('directMail', given, ['credentials', 'from', 'tag', 'clickTrace'])
  const allowed = 'an e-mail address, `Name <address>`, or a mailbox { name, address }, its name 15 characters at most'
  const from = parseMailbox(options.read('from', isSender, allowed))
  return {
    ...readVendorOptions(options, { provider: 'directMail', endpoint: 'https://dm.aliyuncs.com' }),
    credentials: readCredentials(options, 'credentials', ['accessKeyId', 'accessKeySecret'], ['securityToken']),
    from: from ?? options.refuse('from', allowed),
    tag: options.text('tag'),
    clickTrace: options.flag('clickTrace') ?? false,
  }
}

function isSender(value: unknown): value is MailboxInput {
  const mailbox = parseMailbox(value)
  return mailbox !== undefined && isAlias(mailbox.name)
}

/** True for a name that the API takes beside a sender. */
export function isAlias(name: string | undefined): boolean {
  return name === undefined || Array.from(name).length <= 15
}
