import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { ses, smtp } from '@reachkit/channel-email'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'
import { SMTPServer } from 'smtp-server'
import { z } from 'zod'

const orderPaid = message('order.paid', {
  data: z.object({ orderId: z.string() }),
  content: { email: { subject: 'Order {{ orderId }}', text: 'Thank you.' } },
})
const from = 'Shop <shop@example.com>'

/** A mail server of one's own, by SMTP. */
export async function sendBySmtp(): Promise<void> {
  const mails: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      let mail = ''
      stream.setEncoding('utf8')
      stream.on('data', (part: string) => (mail += part))
      stream.on('end', () => {
        mails.push(mail)
        done()
      })
    },
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.server.address() as AddressInfo
  await send(smtp({ host: '127.0.0.1', port, from }))
  await new Promise<void>((resolve) => server.close(() => resolve()))
  assert.match(mails[0] ?? '', /^From: Shop <shop@example.com>\r\nTo: ann@example.com\r\nSubject: Order A1\r\n/)
}

/** Amazon SES, without the SDK. */
export async function sendBySes(): Promise<void> {
  const xml =
    '<SendRawEmailResponse><SendRawEmailResult><MessageId>id-1</MessageId></SendRawEmailResult></SendRawEmailResponse>'
  const vendor = await startHttpVendor({ answers: { accept: { text: xml } } })
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' }
  await send(ses({ client: 'thin', region: 'eu-west-1', credentials, endpoint: vendor.url, from }))
  await vendor.close()
  const [sent] = vendor.requests
  assert.deepEqual(
    [sent?.form.get('Action'), sent?.form.get('Destinations.member.1')],
    ['SendRawEmail', 'ann@example.com'],
  )
  const mail = Buffer.from(sent?.form.get('RawMessage.Data') ?? '', 'base64').toString()
  assert.match(mail, /^From: Shop <shop@example.com>\r\nTo: ann@example.com\r\n/)
}

async function send(email: ReturnType<typeof smtp>): Promise<void> {
  const reach = createReach({ messages: [orderPaid], channels: { email } })
  const accepted = await reach.notify('order.paid', { email: 'ann@example.com' }, { orderId: 'A1' })
  assert.equal((await accepted.settled()).outcome, 'sent')
  await reach.stop()
}
