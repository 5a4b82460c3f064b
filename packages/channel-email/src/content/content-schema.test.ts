import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentFaults, contentSchema } from './content-schema.js'
import type { EmailContent } from './email-content.js'

const full: EmailContent = {
  subject: 'Order A1',
  html: '<p>hi</p>',
  text: 'hi',
  from: 'Shop <shop@example.com>',
  replyTo: ['help@example.com', { name: 'Desk', address: 'desk@example.com' }],
  cc: 'bob@example.com',
  bcc: ['eve@example.com'],
  headers: { 'X-Campaign': 'spring' },
  attachments: [
    { filename: 'a.txt', content: 'aGk=', encoding: 'base64', contentType: 'text/plain; charset=utf-8', cid: 'a@b' },
  ],
  listUnsubscribe: { url: 'https://example.com/u?a=1', mailto: 'leave@example.com', oneClick: true },
}
const pathsOf = (content: unknown) => contentFaults(content).map(({ path }) => path.join('.'))

describe('content of an e-mail', { timeout: 30_000 }, () => {
  it('passes as it was given', () => {
    expect(contentSchema['~standard'].validate(full)).toEqual({ value: full })
    expect(contentSchema['~standard'].validate({ subject: 'a', text: '' })).toEqual({
      value: { subject: 'a', text: '' },
    })
  })

  it.each<[string, unknown, string[]]>([
    ['no object', 'text', ['']],
    ['no subject', { text: 'a' }, ['subject']],
    ['a blank subject', { ...full, subject: ' ' }, ['subject']],
    ['no body', { subject: 'a' }, ['']],
    ['a misspelt field', { ...full, htlm: 'a' }, ['htlm']],
    ['a field of the prototype', { ...full, toString: 'a' }, ['toString']],
    ['a body that is no text', { subject: 'a', html: 1, text: {} }, ['html', 'text']],
    ['two addresses in one', { ...full, cc: 'a@example.com, b@example.com' }, ['cc']],
    ['a name without address', { ...full, from: 'Shop' }, ['from']],
    ['too many copies', { ...full, cc: Array.from({ length: 50 }, () => 'a@example.com') }, ['bcc']],
    [
      'a header of the driver',
      { ...full, headers: { subject: 'b', 'X-A': 'a', 'Content-Type': 'a/b' } },
      ['headers.subject', 'headers.Content-Type'],
    ],
    ['an id beyond ASCII', { ...full, headers: { References: '<ä@b>' } }, ['headers.References']],
    ['a header that cannot be folded', { ...full, headers: { 'X-A': 'a'.repeat(1_000) } }, ['headers.X-A']],
    ['an attachment without name', { ...full, attachments: [{ content: 'a' }] }, ['attachments.0.filename']],
    [
      'what is not base64',
      { ...full, attachments: [{ filename: 'a', content: '%%', encoding: 'base64' }] },
      ['attachments.0.content'],
    ],
    [
      'a mail in a mail',
      { ...full, attachments: [{ filename: 'a', content: '', contentType: 'message/rfc822' }] },
      ['attachments.0.contentType'],
    ],
    ['an empty way to leave', { ...full, listUnsubscribe: {} }, ['listUnsubscribe']],
    [
      'one click without https',
      { ...full, listUnsubscribe: { url: 'http://example.com', oneClick: true } },
      ['listUnsubscribe.oneClick'],
    ],
    ['a url of another kind', { ...full, listUnsubscribe: { url: 'javascript:alert(1)' } }, ['listUnsubscribe.url']],
    ['a mailto that is none', { ...full, listUnsubscribe: { mailto: 'mailto:nobody' } }, ['listUnsubscribe.mailto']],
  ])('is refused with %s', (_case, content, paths) => {
    expect(pathsOf(content)).toEqual(paths)
  })

  it('is refused with a line break or NUL in anything that becomes a header, and the value is never shown', () => {
    const place = fc.constantFrom(...headerPlaces)
    const breaks = fc.constantFrom('\r', '\n', '\r\n', '\0', '\r\nBcc: ', '\n\n<p>')
    const secret = fc.stringMatching(/^[a-z]{12}$/)
    const property = fc.property(place, breaks, secret, fc.boolean(), (put, broken, text, first) => {
      const faults = contentFaults(put(first ? `${broken}${text}` : `${text}${broken}${text}`))
      expect(faults.length).toBeGreaterThan(0)
      expect(JSON.stringify(faults)).not.toContain(text)
    })
    fc.assert(property, { numRuns: 1_000 })
  })
})

type Put = (text: string) => unknown

const headerPlaces: readonly Put[] = [
  (text) => ({ ...full, subject: text }),
  (text) => ({ ...full, from: `${text} <shop@example.com>` }),
  (text) => ({ ...full, from: { name: text, address: 'shop@example.com' } }),
  (text) => ({ ...full, from: { name: 'Shop', address: `${text}@example.com` } }),
  (text) => ({ ...full, from: { name: 'Shop', address: `shop@example.com${text}` } }),
  (text) => ({ ...full, replyTo: `${text}@example.com` }),
  (text) => ({ ...full, cc: [`${text} <bob@example.com>`] }),
  (text) => ({ ...full, bcc: `bob@example.com${text}` }),
  (text) => ({ ...full, headers: { 'X-A': text } }),
  (text) => ({ ...full, headers: { [`X-${text}`]: 'a' } }),
  (text) => ({ ...full, attachments: [{ filename: text, content: '' }] }),
  (text) => ({ ...full, attachments: [{ filename: 'a', content: '', contentType: `text/plain; a=${text}` }] }),
  (text) => ({ ...full, attachments: [{ filename: 'a', content: '', cid: text }] }),
  (text) => ({ ...full, listUnsubscribe: { url: `https://example.com/${text}` } }),
  (text) => ({ ...full, listUnsubscribe: { mailto: `leave@example.com?subject=${text}` } }),
]
