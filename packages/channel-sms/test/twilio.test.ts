import { laterMs } from '@reachkit/driver-kit'
import { driverCases, runCase, vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { twilio } from '../src/index.js'
import { contextOf, driverOf, requestTo } from './support/delivery.js'
import { closing, vendorThat } from './support/vendors.js'

const to = '+12025550123'
const text = 'Order A1 is paid'
const authToken = 'open-sesame-77'
/** What an unkind vendor writes into its answers. */
const message = `${to} was told "${text}" by ${authToken}`

const open = vendorSubject({
  answers: {
    accept: { status: 201, json: { sid: 'SM1', status: 'queued' } },
    refuse: { status: 400, json: { code: 21610, message, status: 400 } },
    'refuse-address': { status: 400, json: { code: 21211, message, status: 400 } },
    'refuse-inside': { status: 201, json: { sid: 'SM1', status: 'failed', error_code: 30007, error_message: message } },
    throttle: { status: 429, headers: { 'retry-after': '2' }, json: { code: 20429, message, status: 429 } },
  },
  channel: ({ url }) => twilio({ endpoint: url, accountSid: `AC${'0'.repeat(32)}`, authToken, from: '+12025550199' }),
  to,
  content: { text },
  secrets: [to, text, authToken, Buffer.from(`AC${'0'.repeat(32)}:${authToken}`).toString('base64')],
})

describe('twilio', () => {
  it.for(driverCases)('$name', async (wanted, { skip }) => {
    const notOwed: string[] = []
    await expect(runCase(wanted, open, (why) => notOwed.push(why))).resolves.toBeUndefined()
    skip(notOwed.length > 0, notOwed.join())
  })

  it.each([21701, 21705])('%i: a messaging service that is wrong is a fault of the set-up', async (code) => {
    const vendor = await vendorThat({ status: 400, json: { code, message, status: 400 } })
    const account = { accountSid: `AC${'0'.repeat(32)}`, authToken, messagingServiceSid: `MG${'0'.repeat(32)}` }
    const driver = closing(driverOf(twilio({ endpoint: vendor.url, ...account })))
    const outcome = await driver.deliver(requestTo(to, { text }), contextOf())
    expect(outcome).toEqual({ kind: 'retry', afterMs: laterMs, reason: `twilio ${code}` })
  })
})
