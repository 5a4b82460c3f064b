import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { dingtalk } from '@reachkit/channel-chat'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const serverDown = message('server.down', {
  content: { dingtalk: { title: 'Server down', markdown: '### Server down\n\ndb-1 does not answer.' } },
})

/** Markdown by a robot named `ops`; the stand-in checks the signature. */
export async function sendByDingTalk(): Promise<void> {
  const vendor = await startHttpVendor({ answers: { accept: { json: { errcode: 0, errmsg: 'ok' } } } })
  const url = `${vendor.url}/robot/send?access_token=x`
  const reach = createReach({
    messages: [serverDown],
    channels: { dingtalk: dingtalk({ robots: { ops: { url, secret: 'SECx' } } }) },
  })
  const accepted = await reach.notify('server.down', { dingtalk: 'ops' })
  assert.equal((await accepted.settled()).outcome, 'sent')
  const [request] = vendor.requests
  const query = new URL(request?.url ?? '', vendor.url).searchParams
  const signed = `${query.get('timestamp')}\nSECx`
  assert.equal(query.get('sign'), createHmac('sha256', 'SECx').update(signed).digest('base64'))
  assert.deepEqual(request?.json, {
    msgtype: 'markdown',
    markdown: { title: 'Server down', text: '### Server down\n\ndb-1 does not answer.' },
  })
  await reach.stop()
  await vendor.close()
}
