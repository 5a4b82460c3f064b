import assert from 'node:assert/strict'
import { miniProgram, officialAccount, wecom, wecomRobot } from '@reachkit/channel-wechat'
import { createReach, failover, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'
import { z } from 'zod'

const orderPaid = message('order.paid', {
  data: z.object({ orderId: z.string(), amount: z.string() }),
  content: {
    wechat: {
      vendors: {
        officialAccount: { template: 'tpl-1', data: { character_string1: '{{ orderId }}', amount2: '{{ amount }}' } },
        miniProgram: {
          template: 'tpl-2',
          data: { character_string1: '{{ orderId }}', amount2: '{{ amount }}' },
          page: 'pages/order?id={{ orderId }}',
        },
      },
    },
  },
})
const serverDown = message('server.down', {
  content: { wecom: { text: 'db-1 does not answer.' }, wecomGroup: { markdown: '**db-1** does not answer.' } },
})

const token = { json: { access_token: 'token-1', expires_in: 7_200 } }

/** Ann does not follow the official account (43004), so the mini-program sends. */
export async function sendByWechat(): Promise<void> {
  const vendor = await startHttpVendor({
    answers: { accept: ({ url }) => ({ json: { errcode: url.includes('/template/') ? 43004 : 0, msgid: 1 } }) },
    beside: ({ url }) => (url === '/cgi-bin/stable_token' ? token : undefined),
  })
  const app = { endpoint: vendor.url, appSecret: 'secret' }
  const reach = createReach({
    messages: [orderPaid],
    channels: {
      wechat: failover(
        officialAccount({ ...app, appId: 'wx0123456789abcdef' }),
        miniProgram({ ...app, appId: 'wxfedcba9876543210' }),
      ),
    },
  })
  const ann = { wechat: { officialAccount: 'openid-1', miniProgram: 'openid-2' } }
  const accepted = await reach.notify('order.paid', ann, { orderId: 'A1', amount: '¥99.00' })
  assert.equal((await accepted.settled()).outcome, 'sent')
  assert.deepEqual(vendor.requests[1]?.json, {
    touser: 'openid-2',
    template_id: 'tpl-2',
    data: { character_string1: { value: 'A1' }, amount2: { value: '¥99.00' } },
    page: 'pages/order?id=A1',
    miniprogram_state: 'formal',
    lang: 'zh_CN',
  })
  await reach.stop()
  await vendor.close()
}

/** An app tells a member, and a robot tells the group. */
export async function sendByWecom(): Promise<void> {
  const vendor = await startHttpVendor({
    answers: { accept: { json: { errcode: 0, errmsg: 'ok' } } },
    beside: ({ url }) => (url.startsWith('/cgi-bin/gettoken') ? token : undefined),
  })
  const reach = createReach({
    messages: [serverDown],
    channels: {
      wecom: wecom({ endpoint: vendor.url, corpId: 'ww-demo', agentId: 1, secret: 'secret' }),
      wecomGroup: wecomRobot({ endpoint: vendor.url, robots: { ops: 'key-1' } }),
    },
  })
  for (const to of [{ wecom: 'ann' }, { wecomGroup: 'ops' }]) {
    const accepted = await reach.notify('server.down', to)
    assert.equal((await accepted.settled()).outcome, 'sent')
  }
  assert.deepEqual(
    vendor.requests.map(({ url, json }) => [url, json]),
    [
      [
        '/cgi-bin/message/send?access_token=token-1',
        { touser: 'ann', agentid: 1, msgtype: 'text', text: { content: 'db-1 does not answer.' } },
      ],
      ['/cgi-bin/webhook/send?key=key-1', { msgtype: 'markdown', markdown: { content: '**db-1** does not answer.' } }],
    ],
  )
  await reach.stop()
  await vendor.close()
}
