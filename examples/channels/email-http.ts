import assert from 'node:assert/strict'
import { directMail, mailchimp } from '@reachkit/channel-email'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor, type VendorAnswers } from '@reachkit/testing'
import { z } from 'zod'

const orderPaid = message('order.paid', {
  data: z.object({ orderId: z.string() }),
  content: { email: { subject: 'Order {{ orderId }}', text: 'Thank you.' } },
})
const from = 'Shop <shop@example.com>'
type Channel = ReturnType<typeof mailchimp>

/** Mailchimp Transactional takes the mail as it is composed. */
export async function sendByMailchimp(): Promise<void> {
  const [sent] = await send(
    ({ json }) => ({ json: [{ email: (json as { to: string[] }).to[0], status: 'sent', _id: 'id-1' }] }),
    (endpoint) => mailchimp({ endpoint, apiKey: 'key-1', from }),
  )
  const { key, to, raw_message: raw } = (sent?.json ?? {}) as { key: string; to: string[]; raw_message: string }
  assert.deepEqual([key, to], ['key-1', ['ann@example.com']])
  assert.match(raw, /^From: Shop <shop@example.com>\r\nTo: ann@example.com\r\n/)
}

/** DirectMail takes a signed form, and composes the mail itself. */
export async function sendByDirectMail(): Promise<void> {
  const credentials = { accessKeyId: 'id-1', accessKeySecret: 'secret' }
  const [sent] = await send({ json: { EnvId: '1', RequestId: '2' } }, (endpoint) =>
    directMail({ endpoint, credentials, from }),
  )
  const { Subject, ToAddress, TextBody } = Object.fromEntries(sent?.form ?? [])
  assert.deepEqual([Subject, ToAddress, TextBody], ['Order A1', 'ann@example.com', 'Thank you.'])
  assert.match(String(sent?.headers['authorization']), /^ACS3-HMAC-SHA256 Credential=id-1,/)
}

async function send(accept: VendorAnswers, channel: (endpoint: string) => Channel) {
  const vendor = await startHttpVendor({ answers: { accept } })
  const reach = createReach({ messages: [orderPaid], channels: { email: channel(vendor.url) } })
  const accepted = await reach.notify('order.paid', { email: 'ann@example.com' }, { orderId: 'A1' })
  assert.equal((await accepted.settled()).outcome, 'sent')
  await reach.stop()
  await vendor.close()
  return vendor.requests
}
