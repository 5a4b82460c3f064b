import { type EmailAddress, isEmailAddress } from './email-address.js'

/** An address with the name that a reader sees beside it. */
export interface Mailbox {
  readonly name?: string
  readonly address: EmailAddress
}

/** A mailbox, or its text: `ann@example.com`, `Ann <ann@example.com>`, `"Ann, Sales" <ann@example.com>`. */
export type MailboxInput = string | Mailbox

const named = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^"<>@,;:\\]*?))\s*<([^<>]*)>\s*$/
const control = /\p{Cc}/u

/** The mailbox that a value stands for, or undefined where it is none. Never more than one: commas do not separate. */
export function parseMailbox(value: unknown): Mailbox | undefined {
  if (typeof value === 'string') return parseText(value)
  if (typeof value !== 'object' || value === null || !('address' in value) || !isEmailAddress(value.address))
    return undefined
  const name = 'name' in value ? value.name : undefined
  if (name === undefined) return { address: value.address }
  return typeof name === 'string' && !control.test(name) ? { name, address: value.address } : undefined
}

function parseText(text: string): Mailbox | undefined {
  const bare: unknown = text
  if (isEmailAddress(bare)) return { address: bare }
  if (text.length > 1_000 || control.test(text)) return undefined
  const [, quoted, plain, address] = named.exec(text) ?? []
  if (!isEmailAddress(address)) return undefined
  const name = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? ''
  return name === '' ? { address } : { name, address }
}

/** Parses one mailbox or a list of them; undefined where any is wrong. */
export function parseMailboxes(value: unknown): readonly Mailbox[] | undefined {
  const mailboxes: Mailbox[] = []
  for (const item of Array.isArray(value) ? value : [value]) {
    const mailbox = parseMailbox(item)
    if (mailbox === undefined) return undefined
    mailboxes.push(mailbox)
  }
  return mailboxes
}
