import { createHash, createVerify } from 'node:crypto'

/** Verifies the first DKIM-Signature of a mail (RFC 6376, 6.1, relaxed/relaxed, rsa-sha256); answers the names it covers. */
export function verifyDkim(raw: Buffer, publicKey: string): readonly string[] {
  const text = raw.toString('latin1')
  const split = text.indexOf('\r\n\r\n')
  const fields = text.slice(0, split).split(/\r\n(?![ \t])/)
  const signature = fields.find((field) => /^dkim-signature:/i.test(field)) ?? ''
  const tags = new Map(
    signature
      .slice(signature.indexOf(':') + 1)
      .replace(/\s/g, '')
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  )
  const bodyHash = createHash('sha256')
    .update(relaxedBody(text.slice(split + 4)), 'latin1')
    .digest('base64')
  if (bodyHash !== tags.get('bh')) throw new Error('the body is not what was signed')
  const names = (tags.get('h') ?? '').split(':')
  const signed = names.map((name) =>
    relaxedField(fields.findLast((field) => field.toLowerCase().startsWith(`${name}:`)) ?? ''),
  )
  const unsigned = relaxedField(signature.replace(/(;\s*b=)[\s\S]*$/, '$1'))
  const verify = createVerify('RSA-SHA256').update(`${signed.join('\r\n')}\r\n${unsigned}`, 'latin1')
  if (!verify.verify(publicKey, tags.get('b') ?? '', 'base64')) throw new Error('the headers are not what was signed')
  return names
}

function relaxedField(field: string): string {
  const colon = field.indexOf(':')
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()
  return `${field.slice(0, colon).toLowerCase().trim()}:${value}`
}

function relaxedBody(body: string): string {
  const lines = body
    .replace(/[ \t]+(?=\r\n|$)/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/(?:\r\n)*$/, '')
  return lines === '' ? '' : `${lines}\r\n`
}
