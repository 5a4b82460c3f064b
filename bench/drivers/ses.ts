// SendRawEmail by our driver against the bare SDK; and by the thin client against the same SDK.
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses'
import { ses, type SesOptions } from '@reachkit/channel-email'
import { mailOf } from '../smtp/mail.js'
import { aws, awsAnswer } from './sms/aws.js'
import { type Peer, vendorRow, width } from './sms/vendor-row.js'

const from = 'shop@example.com'
const to = 'ann@example.com'
const content = mailOf(1)
/** A mail that is composed already: the peer has nothing to do but to send it. */
const mail = Buffer.from(
  `From: ${from}\r\nTo: ${to}\r\nSubject: ${content.subject}\r\n\r\n${content.html}${content.text}`,
)

function bare(url: string): Peer {
  const client = new SESClient({ ...aws, endpoint: url, maxAttempts: 1 })
  const input = { Source: from, Destinations: [to], RawMessage: { Data: mail } }
  return { send: async () => client.send(new SendRawEmailCommand(input)), close: () => client.destroy() }
}

function row(name: string, atLeast: number, options: Pick<SesOptions, 'client'>): ReturnType<typeof vendorRow> {
  return vendorRow({
    name,
    atLeast,
    answer: awsAnswer('SendRawEmail'),
    type: 'text/xml',
    channel: (endpoint) => ses({ ...aws, endpoint, from, concurrency: width, ...options }),
    to,
    content,
    peer: bare,
  })
}

export const sesRow = row('drivers/ses', 0.9, {})
export const sesThinRow = row('drivers/ses-thin', 4, { client: 'thin' })
