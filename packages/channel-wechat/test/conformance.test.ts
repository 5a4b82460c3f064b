import { driverCases, runCase, vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { appSecret, drivers, robotKey, tokenOffice } from './support/samples.js'

describe.each(drivers)('$name', ({ open, to, content, dead, busy, refused }) => {
  /** What an unkind vendor writes into its answers. */
  const gossip = `${JSON.stringify(to)} was told 巧克力 and Order A1 is paid by ${appSecret} with token-1`
  const answer = (errcode: number) => ({ json: { errcode, errmsg: gossip } })
  const opened = vendorSubject({
    answers: {
      accept: { json: { errcode: 0, errmsg: 'ok', msgid: 'msg-1' } },
      refuse: answer(refused),
      'refuse-inside': answer(47001),
      throttle: answer(busy),
      ...(dead !== undefined && { 'refuse-address': answer(dead) }),
    },
    beside: (request) => tokenOffice().beside(request),
    channel: ({ url }) => open(url),
    to,
    content,
    secrets: ['openid-ann', 'ann.lee', '巧克力', 'Order A1 is paid', appSecret, robotKey, 'token-1'],
  })

  it.for(driverCases)('$name', async (wanted, { skip }) => {
    const notOwed: string[] = []
    await expect(runCase(wanted, opened, (why) => notOwed.push(why))).resolves.toBeUndefined()
    skip(notOwed.length > 0, notOwed.join())
  })
})
