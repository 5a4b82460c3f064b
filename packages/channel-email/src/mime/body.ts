import { encode, wrap } from 'nodemailer/lib/qp'
import { wrap as wrapBase64 } from 'nodemailer/lib/base64'

const notPlain = /[^\t\n\r\x20-\x7e]/
const longLine = /^.{77,}/m
const lineBreak = /\r\n|\r|\n/g

/**
 * The transfer encoding of a text body and the body in it (RFC 2045, 6). As nodemailer chooses: 7bit where it is ASCII
 * in short lines, quoted-printable where most letters are Latin, base64 otherwise. Line breaks become CRLF, but in
 * base64, where nodemailer leaves them as they are.
 */
export function encodeText(text: string): string {
  if (!notPlain.test(text) && !longLine.test(text)) return part('7bit', crlf(text))
  if (isMostlyLatin(text)) return part('quoted-printable', wrap(encode(crlf(text))))
  return part('base64', encodeBytes(Buffer.from(text)))
}

/** Base64 in lines of 76 characters. */
export function encodeBytes(bytes: Buffer): string {
  return wrapBase64(bytes.toString('base64'))
}

function part(encoding: string, body: string): string {
  return `Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`
}

function crlf(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(lineBreak, '\r\n') : text
}

function isMostlyLatin(text: string): boolean {
  let balance = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code >= 0x80 || (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d)) balance -= 1
    else if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) balance += 1
  }
  return balance > 0
}
