// Mails by our driver against the SDK with mails that nodemailer composes, as apps do; and the thin client against the same.
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses'
import { ses, type SesOptions } from '@reachkit/channel-email'
import MailComposer from 'nodemailer/lib/mail-composer'
import { mailOf } from '../smtp/mail.js'
import { aws, awsAnswer } from './vendor/aws.js'
import { type Peer, vendorRow, width } from './vendor/vendor-row.js'

const from = 'shop@example.com'
const to = 'ann@example.com'
const content = mailOf(1)
function bare(url: string): Peer {
  const client = new SESClient({ ...aws, endpoint: url, maxAttempts: 1 })
  return {
    async send() {
      const mail = await new MailComposer({ from, to, ...content }).compile().build()
      const command = new SendRawEmailCommand({ Source: from, Destinations: [to], RawMessage: { Data: mail } })
      // With a signal of its own, as where each message has its own deadline.
      return client.send(command, { abortSignal: new AbortController().signal })
    },
    close: () => client.destroy(),
  }
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
