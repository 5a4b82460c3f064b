import { slack } from '@reachkit/channel-chat'
import { bareRow, postJson, width } from './vendor/vendor-row.js'

const mrkdwn = 'Order *A1* is paid: *¥99.00*. It is on its way to you.'

export const slackRow = bareRow({
  name: 'drivers/slack',
  answer: 'ok',
  channel: (url) => slack({ robots: { ops: { url: `${url}/services/T0/B0/x` } }, concurrency: width }),
  to: 'ops',
  content: { mrkdwn },
  bare: async (url) => postJson(`${url}/services/T0/B0/x`, { text: mrkdwn }),
})
