import fc from 'fast-check'
import MailComposer from 'nodemailer/lib/mail-composer'
import PostalMime, { type Email } from 'postal-mime'
import { describe, expect, it } from 'vitest'
import type { EmailAttachment, EmailContent } from '../content/email-content.js'
import { contentFaults } from '../content/content-schema.js'
import { composeMail } from './compose.js'
import { resolveMail } from './outgoing-mail.js'
import { SkeletonCache } from './skeleton-cache.js'

const now = Date.parse('2026-06-01T00:00:00Z')
const from = { name: 'Shop', address: 'shop@example.com' }
const defaults = { from, returnPath: undefined, headers: {}, listUnsubscribe: undefined }

function compose(content: EmailContent, { skeletons = new SkeletonCache(), boundary = 'b0a1' } = {}): Buffer {
  const given = {
    id: 'p.0',
    tenant: 't',
    type: 'x',
    lane: 'P1',
    purpose: 'care',
    attempt: 1,
    recipient: { id: 'u' },
  } as const
  const mail = resolveMail({ ...given, to: 'ann@example.com', content, idempotencyKey: 'p.0.email' }, defaults)
  if (mail === undefined) throw new Error('not composed')
  return composeMail(mail, { skeletons, now, boundary })
}

/** What nodemailer makes of the same content, with the line breaks that SMTP gives it. */
async function peer(content: EmailContent): Promise<Buffer> {
  const { listUnsubscribe: _, attachments, ...rest } = content
  const copy = JSON.parse(JSON.stringify(rest))
  const mail = {
    from,
    to: 'ann@example.com',
    date: new Date(now),
    messageId: '<p=0=email@example.com>',
    newline: 'win',
    ...copy,
  }
  return new MailComposer({ ...mail, attachments: attachments?.map(peerAttachment) }).compile().build()
}

function peerAttachment({ content, ...rest }: EmailAttachment) {
  return { ...rest, content: typeof content === 'string' ? content : Buffer.from(content) }
}

async function parse(raw: Buffer) {
  const { headers, headerLines: _, messageId: __, ...mail }: Email = await PostalMime.parse(raw)
  const own = headers.filter(({ key }) => !/^(content-.*|message-id)$/.test(key))
  const attachments = mail.attachments.map(({ content, ...rest }) => ({
    ...rest,
    bytes: typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('base64'),
  }))
  const sorted = own.map(({ key, value }) => [key, value]).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
  return { ...mail, attachments, headers: sorted }
}

const words = fc.stringMatching(/^[ -~]{0,120}$/)
const unicode = fc.string({ unit: 'grapheme', maxLength: 120 })
const line = fc.oneof(
  words,
  unicode,
  fc.constantFrom('', '.', '..', '.dot', 'From me', '--b0a1', '=3D=', 'trailing \t', '€'.repeat(60), 'x'.repeat(1_500)),
)
const body = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '')), { maxLength: 8 })
  .map((lines) => lines.flat().join(''))
  .filter((text) => !text.includes('\0'))
const headerText = fc
  .oneof(words, unicode, fc.constantFrom('=?utf-8?Q?=41?=', 'is =?this?= one', '=?'))
  .filter((text) => text.trim() !== '' && !/\p{Cc}/u.test(text))
const name = headerText.map((text) => text.slice(0, 40)).filter((text) => text.trim() !== '')
const mailbox = fc.record({ name, address: fc.constantFrom('bob@example.com', 'eve@bücher.example', '用户@例子.公司') })
const attachment = fc.record<EmailAttachment>({
  filename: fc.constantFrom(
    'a.pdf',
    'Rechnung für Änn.pdf',
    'emoji 👟.png',
    'with "quotes".bin',
    `${'long'.repeat(30)}.txt`,
  ),
  content: fc.uint8Array({ maxLength: 300 }),
})
const content: fc.Arbitrary<EmailContent> = fc.record(
  {
    subject: headerText,
    html: body,
    text: body,
    from: mailbox,
    replyTo: mailbox,
    cc: fc.array(mailbox, { minLength: 1, maxLength: 3 }),
    headers: fc.dictionary(fc.constantFrom('X-One', 'X-Two-ID', 'References'), headerText, { maxKeys: 2 }),
    attachments: fc.array(attachment, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['subject'] },
)

describe('composeMail', { timeout: 30_000 }, () => {
  it('makes mails that read like those of nodemailer', async () => {
    const sendable = content.filter((given) => contentFaults(given).length === 0)
    const skeletons = new SkeletonCache()
    const property = fc.asyncProperty(sendable, async (given) => {
      expect(await parse(compose(given, { skeletons }))).toEqual(await parse(await peer(given)))
    })
    await fc.assert(property, { numRuns: 200 })
  })

  it('keeps every line within 998 bytes, ASCII, and ended by CRLF', () => {
    const sendable = content.filter((given) => contentFaults(given).length === 0)
    const property = fc.property(sendable, (given) => {
      const lines = compose({ ...given, from: 'a@example.com', cc: [], replyTo: [] })
        .toString('latin1')
        .split('\r\n')
      expect(lines.at(-1)).toBe('')
      for (const one of lines) expect(one).toMatch(/^[\t\x20-\x7e]{0,998}$/)
    })
    fc.assert(property, { numRuns: 200 })
  })

  it('shares a skeleton among mails of one shape, and nothing else of them', async () => {
    const skeletons = new SkeletonCache()
    const first = compose({ subject: 'A', html: '<p>a</p>', text: 'a' }, { skeletons, boundary: 'first' }).toString()
    const second = compose({ subject: 'B', html: '<p>b</p>', text: 'b' }, { skeletons, boundary: 'second' }).toString()
    expect(skeletons.size).toBe(1)
    expect(second).toBe(
      first
        .replaceAll('first', 'second')
        .replaceAll('a</p>', 'b</p>')
        .replace('Subject: A', 'Subject: B')
        .replace('\r\n\r\na\r\n', '\r\n\r\nb\r\n'),
    )
  })

  it('keeps so many skeletons and no more', () => {
    const skeletons = new SkeletonCache(3)
    for (let index = 0; index < 10; index += 1) {
      compose({ subject: 'A', text: 'a', attachments: [{ filename: `${index}.txt`, content: '' }] }, { skeletons })
    }
    expect(skeletons.size).toBe(3)
  })

  it('writes the boundary it is given, so that nobody can know it from another mail', () => {
    expect(compose({ subject: 'A', html: 'a', text: 'a' }, { boundary: 'x1y2' }).toString()).toContain(
      'boundary="=_reach-x1y2-Part_1"',
    )
  })

  it('says UTF-8 of text that is attached as a string', () => {
    const mail = compose({ subject: 'A', text: 'a', attachments: [{ filename: 'ä.csv', content: 'ä' }] }).toString()
    expect(mail).toMatch(/Content-Type: text\/csv; charset=utf-8;/)
  })
})
