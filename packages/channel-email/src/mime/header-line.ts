import { foldLines } from 'nodemailer/lib/mime-funcs'
import MimeNode from 'nodemailer/lib/mime-node'
import { wireAddress } from '../address/email-address.js'
import type { Mailbox } from '../address/mailbox.js'
import { isStructured } from '../content/headers.js'

// Nothing in it that MIME must encode (RFC 2047), and nothing that looks as if it were encoded.
const plain = /^[!#-~](?:[ !#-~]*[!#-~])?$/
const plainName = /^[\w ]*$/

/** One header with its line break: text beyond ASCII as encoded words (RFC 2047), long lines folded (RFC 5322, 2.2.3). */
export function headerLine(name: string, value: string): string {
  const line = `${name}: ${value}`
  if (line.length < 76 && plain.test(value) && !value.includes('=?') && !isStructured(name)) return `${line}\r\n`
  return `${foldLines(`${name}: ${MimeNode.encodeHeaderValue(name, value)}`, 76)}\r\n`
}

/** A header of addresses, or nothing where there are none. */
export function mailboxLine(name: string, mailboxes: readonly Mailbox[]): string {
  if (mailboxes.length === 0) return ''
  return `${foldLines(`${name}: ${mailboxes.map(mailboxText).join(', ')}`, 76)}\r\n`
}

function mailboxText({ name, address }: Mailbox): string {
  const wire = wireAddress(address)
  if (name === undefined || name === '') return wire
  return plainName.test(name) ? `${name} <${wire}>` : MimeNode.encodeHeaderValue('From', { name, address: wire })
}
