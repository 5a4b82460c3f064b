import type { DriverCapabilities } from '@reachkit/core/spec'
import { type EmailAddress, isEmailAddress } from '../address/email-address.js'
import { type MailboxInput, parseMailbox } from '../address/mailbox.js'
import { type Fault, type OptionReader, readRate } from '@reachkit/driver-kit'
import type { ListUnsubscribe } from '../content/email-content.js'
import { headers } from '../content/headers.js'
import type { EmailRequest, MailDefaults } from '../mime/outgoing-mail.js'

/** What every e-mail driver is told. */
export interface MailOptions {
  /** The sender of mails that name none: `noreply@example.com`, `Shop <noreply@example.com>`, or a mailbox. */
  readonly from: MailboxInput
  /** Where bounces go, when not to the address of From. The envelope's sender (RFC 5321, 4.4). */
  readonly returnPath?: EmailAddress
  /** The provider's name in routes, history and receipts, where one channel has several. */
  readonly name?: string
  /** Headers of every mail; the content's own take their place. */
  readonly headers?: Readonly<Record<string, string>>
  /** List-Unsubscribe of mails whose content has none, such as a link with the recipient's id in it. */
  readonly listUnsubscribe?: (request: EmailRequest) => ListUnsubscribe | undefined
  /** Mails in flight in this process. */
  readonly concurrency?: number
  /** Mails that this process starts in each `perMs`, where the provider limits that. */
  readonly rate?: { readonly count: number; readonly perMs: number }
}

export const mailOptionNames = [
  'from',
  'returnPath',
  'name',
  'headers',
  'listUnsubscribe',
  'concurrency',
  'rate',
] as const

export function readMailDefaults(options: OptionReader): MailDefaults {
  const allowed = 'an e-mail address, `Name <address>`, or a mailbox { name, address }'
  const from = parseMailbox(options.read('from', isFrom, allowed))
  return {
    from: from ?? options.refuse('from', allowed),
    returnPath: options.read('returnPath', isEmailAddress, 'one bare e-mail address'),
    headers: {
      ...options.read(
        'headers',
        isHeaders,
        'an object of header names and texts that the driver does not write itself',
      ),
    },
    listUnsubscribe: options.read('listUnsubscribe', isFunction, 'a function'),
  }
}

/** `timeoutMs` and `concurrency` are what counts where the options are silent. */
export function readCapabilities(
  options: OptionReader,
  silent: { readonly timeoutMs: number; readonly concurrency: number },
): DriverCapabilities {
  return {
    deduplicates: false,
    batch: 1,
    concurrency: options.count('concurrency') ?? silent.concurrency,
    timeoutMs: silent.timeoutMs,
    ...(options.has('rate') && { rate: readRate(options.inner('rate', ['count', 'perMs'])) }),
  }
}

function isFrom(value: unknown): value is MailboxInput {
  return parseMailbox(value) !== undefined
}

function isFunction(value: unknown): value is NonNullable<MailDefaults['listUnsubscribe']> {
  return typeof value === 'function'
}

function isHeaders(value: unknown): value is Readonly<Record<string, string>> {
  const faults: Fault[] = []
  headers(value, [], faults)
  return faults.length === 0
}
