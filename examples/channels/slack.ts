import assert from 'node:assert/strict'
import { slack } from '@reachkit/channel-chat'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const commented = message('commented', {
  content: { slack: { mrkdwn: '*Ann* has written to you.' } },
})

/** Slack's markup, by a webhook named `team`. */
export async function sendBySlack(): Promise<void> {
  const vendor = await startHttpVendor({ answers: { accept: { text: 'ok' } } })
  const reach = createReach({
    messages: [commented],
    channels: { slack: slack({ robots: { team: { url: `${vendor.url}/services/T0/B0/x` } } }) },
  })
  const accepted = await reach.notify('commented', { slack: 'team' })
  assert.equal((await accepted.settled()).outcome, 'sent')
  assert.deepEqual(vendor.requests[0]?.json, { text: '*Ann* has written to you.' })
  await reach.stop()
  await vendor.close()
}
