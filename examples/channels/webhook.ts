import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { webhook } from '@reachkit/channel-chat'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const orderPaid = message('order.paid', {
  content: { webhook: { json: { type: 'order.paid', data: { id: 'A1' } } } },
})

/** A signed call of a receiver on this machine, which is allowed here only. */
export async function sendByWebhook(): Promise<void> {
  const receiver = await startHttpVendor({ answers: { accept: { status: 204 } } })
  const key = randomBytes(32)
  const secret = `whsec_${key.toString('base64')}`
  const reach = createReach({ messages: [orderPaid], channels: { webhook: webhook({ secret, allowPrivate: true }) } })
  const accepted = await reach.notify('order.paid', { webhook: `${receiver.url}/hook` })
  assert.equal((await accepted.settled()).outcome, 'sent')
  const [request] = receiver.requests
  assert.deepEqual(request?.json, { type: 'order.paid', data: { id: 'A1' } })
  const id = request?.headers['webhook-id']
  const signed = `${String(id)}.${String(request?.headers['webhook-timestamp'])}.${request?.text}`
  const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  assert.equal(request?.headers['webhook-signature'], signature)
  await reach.stop()
  await receiver.close()
}
