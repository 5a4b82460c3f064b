import { decodeWords } from 'postal-mime'
import { afterEach, describe, expect, it } from 'vitest'
import { type EmailContent, smtp, type SmtpOptions } from '../src/index.js'
import { context, driverOf, type EmailDriver, request } from './support/delivery.js'
import { type MailServer, reply, startMailServer } from './support/mail-server.js'

const opened: { server?: MailServer; driver?: EmailDriver } = {}

async function start(server: Parameters<typeof startMailServer>[0] = {}, options: Partial<SmtpOptions> = {}) {
  const mailServer = await startMailServer(server)
  const from = 'Shop <shop@example.com>'
  const driver = driverOf(smtp({ host: '127.0.0.1', port: mailServer.port, from, ...options }))
  Object.assign(opened, { server: mailServer, driver })
  return { server: mailServer, driver }
}

async function deliver(driver: EmailDriver, content: Partial<EmailContent>, given = context()) {
  return driver.deliver(request({ content: { subject: 'Hi', text: 'Hello', ...content } }), given)
}

afterEach(async () => {
  await opened.driver?.close?.()
  await opened.server?.close()
})

describe('smtp sends', () => {
  it('a mail that the server takes, and answers its Message-ID', async () => {
    const { driver, server } = await start()
    const outcome = await driver.deliver(request(), context())
    expect(outcome).toEqual({ kind: 'sent', providerId: 'parcel=0=email=x1@example.com' })
    const [{ from, to, mail } = {}] = server.received
    expect({ from, to }).toEqual({ from: 'shop@example.com', to: ['ann@example.com'] })
    expect(mail).toMatchObject({
      from: { name: 'Shop', address: 'shop@example.com' },
      to: [{ name: '', address: 'ann@example.com' }],
      subject: 'Order A1',
      text: 'Thank you\n',
      messageId: '<parcel=0=email=x1@example.com>',
      date: '2026-06-01T00:00:00.000Z',
    })
  })

  it('the same Message-ID on each attempt', async () => {
    const { driver, server } = await start()
    await driver.deliver(request({ attempt: 1 }), context())
    await driver.deliver(request({ attempt: 2 }), context())
    const [first, second] = server.received.map(({ mail }) => mail.messageId)
    expect(first).toBe(second)
  })

  it('every field', async () => {
    const { driver, server } = await start(
      {},
      { returnPath: 'bounce@example.com', headers: { 'X-App': 'shop', 'X-Kind': 'a' } },
    )
    const outcome = await deliver(driver, {
      subject: 'Größe 👟 für Änn — “42”',
      html: '<p>Grüße 👋</p>',
      text: 'Grüße 👋\n.\n..\n',
      from: { name: 'Änns Läden, GmbH', address: 'aenn@example.com' },
      replyTo: ['"Help, desk" <help@example.com>', 'second@example.com'],
      headers: { 'x-kind': 'b', 'In-Reply-To': '<first@example.com>', 'X-Note': 'naïve' },
      attachments: [
        { filename: 'Rechnung für Änn.pdf', content: new Uint8Array([1, 2, 255]), contentType: 'application/pdf' },
        { filename: 'names.csv', content: 'Änn,1\n' },
        { filename: 'logo.png', content: 'iVBORw0KGgo=', encoding: 'base64', cid: 'logo@shop' },
      ],
    })
    expect(outcome.kind).toBe('sent')
    const [{ from, mail } = {}] = server.received
    expect(from).toBe('bounce@example.com')
    expect(mail).toMatchObject({
      subject: 'Größe 👟 für Änn — “42”',
      from: { name: 'Änns Läden, GmbH', address: 'aenn@example.com' },
      replyTo: [
        { name: 'Help, desk', address: 'help@example.com' },
        { name: '', address: 'second@example.com' },
      ],
      html: '<p>Grüße 👋</p>\n',
      text: 'Grüße 👋\n.\n..\n',
      inReplyTo: '<first@example.com>',
    })
    const headers = Object.fromEntries(mail?.headers.map(({ key, value }) => [key, decodeWords(value)]) ?? [])
    expect(headers).toMatchObject({ 'x-app': 'shop', 'x-kind': 'b', 'x-note': 'naïve' })
    const attachments = mail?.attachments.map(({ filename, mimeType, content, contentId, disposition }) => ({
      filename,
      mimeType,
      contentId,
      disposition,
      bytes: typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('base64'),
    }))
    expect(attachments).toEqual(
      expect.arrayContaining([
        { filename: 'Rechnung für Änn.pdf', mimeType: 'application/pdf', disposition: 'attachment', bytes: 'AQL/' },
        {
          filename: 'names.csv',
          mimeType: 'text/csv',
          disposition: 'attachment',
          bytes: Buffer.from('Änn,1\n').toString('base64'),
        },
        {
          filename: 'logo.png',
          mimeType: 'image/png',
          disposition: 'inline',
          contentId: '<logo@shop>',
          bytes: 'iVBORw0KGgo=',
        },
      ]),
    )
  })

  it('an address of any script as UTF-8, and a domain as punycode', async () => {
    const { driver, server } = await start()
    await driver.deliver(request({ to: '用户@例子.公司' }), context())
    await driver.deliver(request({ to: 'ann@bücher.example' }), context())
    const lines = server.received.map(({ raw }) => /^To: .*$/m.exec(raw.toString())?.[0].trim())
    expect(lines).toEqual(['To: 用户@例子.公司', 'To: ann@xn--bcher-kva.example'])
  })

  it('List-Unsubscribe of the content, or else of the driver, with the header of one click', async () => {
    const byDriver = ({ recipient }: { recipient: { id: string } }) => ({
      url: `https://example.com/u/${recipient.id}`,
      oneClick: true,
    })
    const { driver, server } = await start({}, { listUnsubscribe: byDriver })
    await deliver(driver, {})
    await deliver(driver, { listUnsubscribe: { mailto: 'leave@example.com', url: 'https://example.com/x' } })
    const lists = server.received.map(({ mail }) => mail.headers.filter(({ key }) => key.startsWith('list-')))
    expect(lists).toEqual([
      [
        { key: 'list-unsubscribe', originalKey: 'List-Unsubscribe', value: '<https://example.com/u/user-42>' },
        { key: 'list-unsubscribe-post', originalKey: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
      ],
      [
        {
          key: 'list-unsubscribe',
          originalKey: 'List-Unsubscribe',
          value: '<https://example.com/x>, <mailto:leave@example.com>',
        },
      ],
    ])
  })

  it('nothing where the driver’s own List-Unsubscribe would write headers', async () => {
    const { driver, server } = await start(
      {},
      { listUnsubscribe: () => ({ url: 'https://example.com/\r\nBcc: eve@example.com' }) },
    )
    expect(await deliver(driver, {})).toEqual({
      kind: 'rejected',
      reason: 'list-unsubscribe invalid',
      invalidAddress: false,
    })
    expect(server.received).toEqual([])
  })

  it('copies once the recipient’s own mail was taken; bcc is in no header', async () => {
    const { driver, server } = await start()
    await deliver(driver, { cc: 'Bob <bob@example.com>', bcc: ['eve@example.com', 'ann@example.com'] })
    expect(server.received.map(({ to }) => to)).toEqual([['ann@example.com'], ['bob@example.com', 'eve@example.com']])
    for (const { mail, raw } of server.received) {
      expect(mail.cc).toEqual([{ name: 'Bob', address: 'bob@example.com' }])
      expect(raw.toString()).not.toMatch(/eve@|^bcc/im)
    }
  })

  it('no copy where the recipient is refused', async () => {
    const onRcptTo = ({ address }: { address: string }, _session: unknown, done: (error?: Error | null) => void) =>
      done(address.startsWith('ann') ? reply(450, '4.2.0 greylisted') : null)
    const { driver, server } = await start({ onRcptTo })
    expect(await deliver(driver, { cc: 'bob@example.com' })).toEqual({ kind: 'retry', reason: 'smtp 450 4.2.0' })
    expect(server.received).toEqual([])
  })

  it.each([
    ['550', reply(550, '5.1.1 no such bob@example.com'), 'address-dead', 'copy: smtp 550 5.1.1'],
    ['451', reply(451, '4.3.0 later'), 'warning', 'copy: smtp 451 4.3.0'],
  ])('and reports a copy that meets %s', async (_code, error, kind, reason) => {
    const onRcptTo = ({ address }: { address: string }, _session: unknown, done: (error?: Error | null) => void) =>
      done(address.startsWith('bob') ? error : null)
    const { driver } = await start({ onRcptTo })
    const partly = context()
    expect((await deliver(driver, { cc: ['bob@example.com', 'eve@example.com'] }, partly)).kind).toBe('sent')
    expect(partly.events).toEqual([{ kind, messageId: 'parcel.0', address: 'bob@example.com', reason }])
    const wholly = context()
    expect((await deliver(driver, { cc: 'bob@example.com' }, wholly)).kind).toBe('sent')
    expect(wholly.events).toEqual(partly.events)
  })

  it('no more than the server takes (RFC 1870)', async () => {
    const { driver, server } = await start({ size: 1_000 })
    expect(await deliver(driver, { text: 'x'.repeat(2_000) })).toMatchObject({
      kind: 'rejected',
      invalidAddress: false,
    })
    expect(server.received).toEqual([])
  })

  it('mails of 3 MB whole', async () => {
    const { driver, server } = await start()
    const content = Buffer.alloc(3_000_000, 'reachkit')
    await deliver(driver, { attachments: [{ filename: 'big.bin', content }] })
    const received = server.received[0]?.mail.attachments[0]?.content
    expect(received instanceof ArrayBuffer && content.equals(Buffer.from(received))).toBe(true)
  })
})
