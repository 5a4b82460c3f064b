import { domainToASCII, domainToUnicode } from 'node:url'
import type { ChannelDriver } from '@reachkit/core/spec'

/** One bare e-mail address, `ann@example.com`: no display name, no angle brackets, no comment. */
export type EmailAddress = string

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const domain = new RegExp(`^(?:${label}\\.)+${label}$`)
const ascii = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
// Without mathematical symbols: `<` and `>` are two of them.
const unicode =
  /^[\p{L}\p{M}\p{N}\p{Sc}\p{Sk}\p{So}A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}\p{Sc}\p{Sk}\p{So}A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/u
// Checked before it is converted: `domainToASCII` drops line breaks and tabs, as URLs do.
const unicodeDomain = /^[\p{L}\p{M}\p{N}\p{Sc}\p{Sk}\p{So}-]+(?:\.[\p{L}\p{M}\p{N}\p{Sc}\p{Sk}\p{So}-]+)+$/u
const beyondAscii = /\P{ASCII}/u

/**
 * True for an address that can be mailed: a dot-atom of at most 64 bytes (RFC 5321, 4.5.3.1.1), `@`, and a domain of
 * two labels or more; 254 bytes in all. Letters, digits and symbols of any script are taken on both sides
 * (RFC 6531, RFC 5890). Refused although RFC 5321 knows them: quoted local parts, address literals (`[192.0.2.1]`) and
 * domains of one label. Whether the mailbox exists is not known.
 */
export function isEmailAddress(value: unknown): value is EmailAddress {
  if (typeof value !== 'string' || value.length > 254) return false
  const at = value.lastIndexOf('@')
  if (at < 1) return false
  const local = value.slice(0, at)
  if (ascii.test(local) && local.length <= 64 && domain.test(value.slice(at + 1))) return true
  return beyondAscii.test(value) && isUnicodeAddress(local, value.slice(at + 1))
}

function isUnicodeAddress(local: string, host: string): boolean {
  if (Buffer.byteLength(local) > 64 || Buffer.byteLength(host) > 255 - 65) return false
  return unicode.test(local) && unicodeDomain.test(host) && domain.test(domainToASCII(host))
}

/**
 * The address as SMTP takes it: an international domain in ASCII (`例子.公司` as `xn--...`), unless the local part is not
 * ASCII either; then the whole address is UTF-8 and the server must offer SMTPUTF8 (RFC 6531).
 */
export function wireAddress(address: EmailAddress): string {
  if (!beyondAscii.test(address)) return address
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const convert = beyondAscii.test(local) ? domainToUnicode : domainToASCII
  return `${local}@${convert(address.slice(at + 1))}`
}

/** The domain of an address in ASCII, for a Message-ID. */
export function asciiDomain(address: EmailAddress): string {
  const host = address.slice(address.lastIndexOf('@') + 1)
  return beyondAscii.test(host) ? domainToASCII(host) : host
}

const failure = { issues: [{ message: 'must be one bare e-mail address, such as ann@example.com' }] } as const

/** Checks an e-mail address as a Standard Schema. The issue never shows the value. */
export const addressSchema: ChannelDriver<EmailAddress>['address'] = {
  '~standard': {
    version: 1,
    vendor: 'reachkit',
    validate: (value) => (isEmailAddress(value) ? { value } : failure),
  },
}
