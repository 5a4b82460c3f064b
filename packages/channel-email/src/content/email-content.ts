import type { MailboxInput } from '../address/mailbox.js'

/** What an e-mail says. Every string may come out of a template; `html` is the field whose values are escaped. */
export interface EmailContent {
  readonly subject: string
  /** At least one of `html` and `text`. With both, clients choose (multipart/alternative, RFC 2046). */
  readonly html?: string
  readonly text?: string
  /** Instead of the driver's own `from`. */
  readonly from?: MailboxInput
  readonly replyTo?: MailboxInput | readonly MailboxInput[]
  /** Copies, at most 50 with `bcc`. They are sent once the recipient's own mail was taken, and are never retried. */
  readonly cc?: MailboxInput | readonly MailboxInput[]
  readonly bcc?: MailboxInput | readonly MailboxInput[]
  /** Further headers, such as `X-Campaign` or `In-Reply-To`; those that have a field of their own are refused. */
  readonly headers?: Readonly<Record<string, string>>
  readonly attachments?: readonly EmailAttachment[]
  readonly listUnsubscribe?: ListUnsubscribe
}

export interface EmailAttachment {
  readonly filename: string
  /** Text, or base64 where `encoding` says so, or bytes (from a content function; JSON has none). */
  readonly content: string | Uint8Array
  /** How a string is read: `utf8` when left out. */
  readonly encoding?: 'utf8' | 'base64'
  /** Guessed from the filename when left out. Not multipart/* or message/*. */
  readonly contentType?: string
  /** Makes it an inline part that the HTML shows as `cid:<cid>`. */
  readonly cid?: string
}

/** How to leave the list in one click of the mail client: List-Unsubscribe (RFC 2369); at least one of the two. */
export interface ListUnsubscribe {
  /** An http or https address. */
  readonly url?: string
  /** A bare e-mail address, or `mailto:` with what follows it. */
  readonly mailto?: string
  /**
   * The https address takes a POST and asks nothing back: adds List-Unsubscribe-Post (RFC 8058). Gmail and Yahoo ask
   * bulk senders for it; it counts only in a mail with a DKIM signature.
   */
  readonly oneClick?: boolean
}
