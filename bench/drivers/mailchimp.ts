import { mailchimp } from '@reachkit/channel-email'
import { bareRow, post, width } from './vendor/vendor-row.js'

const from = 'shop@example.com'
const [to, subject] = ['ann@example.com', 'Order A1 is paid']
const text = 'Thank you. Order A1 is paid: ¥99.00. It is on its way to you.'

/** The peer leaves the mail to Mailchimp: it composes none. */
export const mailchimpRow = bareRow({
  name: 'drivers/mailchimp',
  answer: `[{"email":"${to}","status":"sent","_id":"id-1","reject_reason":null}]`,
  channel: (endpoint) => mailchimp({ endpoint, apiKey: 'key-1', from, concurrency: width }),
  to,
  content: { subject, text },
  bare: async (url) =>
    post(
      `${url}/api/1.0/messages/send`,
      JSON.stringify({ key: 'key-1', message: { from_email: from, to: [{ email: to }], subject, text } }),
    ),
})
