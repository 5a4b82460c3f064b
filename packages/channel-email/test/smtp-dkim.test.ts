import { generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { smtp } from '../src/index.js'
import { context, driverOf, type EmailDriver, request } from './support/delivery.js'
import { type MailServer, startMailServer } from './support/mail-server.js'
import { verifyDkim } from './support/verify-dkim.js'

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const opened: { server?: MailServer; driver?: EmailDriver } = {}

async function start() {
  const server = await startMailServer()
  const dkim = { domain: 'example.com', selector: 's1', privateKey }
  const driver = driverOf(smtp({ host: '127.0.0.1', port: server.port, from: 'Shop <shop@example.com>', dkim }))
  Object.assign(opened, { server, driver })
  return { server, driver }
}

afterEach(async () => {
  await opened.driver?.close?.()
  await opened.server?.close()
})

describe('DKIM', () => {
  it.each([
    ['plain text', { subject: 'Hi', text: 'Hello  you \n\n.\n' }],
    [
      'every part',
      { subject: 'Grüße 👟', html: '<p>ä</p>', text: '你好\n', attachments: [{ filename: 'a.bin', content: 'x' }] },
    ],
    ['an empty body', { subject: 'Hi', text: '' }],
    ['a long subject', { subject: 'word '.repeat(60), text: 'x' }],
  ])('signs what arrives: %s', async (_name, content) => {
    const { driver, server } = await start()
    const listUnsubscribe = { url: 'https://example.com/u', oneClick: true }
    await driver.deliver(request({ content: { ...content, listUnsubscribe } }), context())
    const names = verifyDkim(server.received[0]?.raw ?? Buffer.alloc(0), publicKey)
    expect(names).toEqual(
      expect.arrayContaining([
        'from',
        'to',
        'subject',
        'date',
        'message-id',
        'list-unsubscribe',
        'list-unsubscribe-post',
      ]),
    )
  })

  it('is not true of another mail', async () => {
    const { driver, server } = await start()
    await driver.deliver(request(), context())
    const raw = server.received[0]?.raw.toString() ?? ''
    expect(() => verifyDkim(Buffer.from(raw.replace('Thank you', 'Thank me')), publicKey)).toThrow('body')
    expect(() => verifyDkim(Buffer.from(raw.replace('Order A1', 'Order A2')), publicKey)).toThrow('headers')
  })
})
