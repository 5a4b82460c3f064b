// Messages, calls, and a gateway of one's own, against the same calls by `fetch`: the official SDK takes 30 MB.
import { httpSms, twilio, twilioCall } from '@reachkit/channel-sms'
import { post, vendorRow, width } from './vendor/vendor-row.js'
import { text } from './vendor/aws.js'

const accountSid = `AC${'0'.repeat(32)}`
const account = { accountSid, authToken: 'secret', from: '+12025550199', concurrency: width }
const to = '+12025550123'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const headers = { ...form, authorization: `Basic ${Buffer.from(`${accountSid}:secret`).toString('base64')}` }

async function posted(url: string, fields: Record<string, string>): Promise<string> {
  return post(url, new URLSearchParams(fields).toString(), headers)
}

export const twilioRow = vendorRow({
  name: 'drivers/twilio',
  atLeast: 0.9,
  answer: JSON.stringify({ sid: 'SM1', status: 'queued', num_segments: '1', error_code: null }),
  channel: (endpoint) => twilio({ ...account, endpoint }),
  to,
  content: { text },
  peer: (url) => ({
    send: async () =>
      posted(`${url}/2010-04-01/Accounts/${accountSid}/Messages.json`, { To: to, From: account.from, Body: text }),
  }),
})

export const twilioCallRow = vendorRow({
  name: 'drivers/twilio-call',
  atLeast: 0.9,
  answer: JSON.stringify({ sid: 'CA1', status: 'queued' }),
  channel: (endpoint) => twilioCall({ ...account, endpoint }),
  to,
  content: { text },
  peer: (url) => {
    const fields = { To: to, From: account.from, Twiml: `<Response><Say>${text}</Say></Response>` }
    return { send: async () => posted(`${url}/2010-04-01/Accounts/${accountSid}/Calls.json`, fields) }
  },
})

export const httpSmsRow = vendorRow({
  name: 'drivers/http-sms',
  atLeast: 0.9,
  answer: JSON.stringify({ id: 7 }),
  channel: (url) => httpSms({ endpoint: `${url}/send`, concurrency: width }),
  to,
  content: { text },
  peer: (url) => {
    const body = JSON.stringify({ to, text })
    return { send: async () => post(`${url}/send`, body, { 'content-type': 'application/json' }) }
  },
})
