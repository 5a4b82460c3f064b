import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { feishu } from '@reachkit/channel-chat'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const serverDown = message('server.down', {
  content: { feishu: { title: 'Server down', text: 'db-1 does not answer.', at: ['all'] } },
})

/** A robot named `ops` calls for everybody; the stand-in checks the signature. */
export async function sendByFeishu(): Promise<void> {
  const vendor = await startHttpVendor({ answers: { accept: { json: { code: 0, msg: 'success' } } } })
  const reach = createReach({
    messages: [serverDown],
    channels: { feishu: feishu({ robots: { ops: { url: `${vendor.url}/open-apis/bot/v2/hook/x`, secret: 'demo' } } }) },
  })
  const accepted = await reach.notify('server.down', { feishu: 'ops' })
  assert.equal((await accepted.settled()).outcome, 'sent')
  const [request] = vendor.requests
  assert(request !== undefined)
  const { timestamp, sign, ...said } = request.json as { timestamp: string; sign: string }
  assert.equal(sign, createHmac('sha256', `${timestamp}\ndemo`).digest('base64'))
  const content = [[{ tag: 'text', text: 'db-1 does not answer.' }], [{ tag: 'at', user_id: 'all' }]]
  assert.deepEqual(said, { msg_type: 'post', content: { post: { zh_cn: { title: 'Server down', content } } } })
  await reach.stop()
  await vendor.close()
}
