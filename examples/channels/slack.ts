import assert from 'node:assert/strict'
import { slack } from '@reachkit/channel-chat'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'
import { z } from 'zod'

const commented = message('commented', {
  data: z.object({ name: z.string() }),
  content: { slack: { mrkdwn: '*{{ name }}* has written to you.' } },
})

/** Markup, and a value that would call the whole channel if it were markup too. */
export async function sendBySlack(): Promise<void> {
  const vendor = await startHttpVendor({ answers: { accept: { text: 'ok' } } })
  const reach = createReach({
    messages: [commented],
    channels: { slack: slack({ robots: { team: { url: `${vendor.url}/services/T0/B0/x` } } }) },
  })
  const accepted = await reach.notify('commented', { slack: 'team' }, { name: '<!channel>' })
  assert.equal((await accepted.settled()).outcome, 'sent')
  assert.deepEqual(vendor.requests[0]?.json, { text: '*&lt;!channel&gt;* has written to you.' })
  await reach.stop()
  await vendor.close()
}
