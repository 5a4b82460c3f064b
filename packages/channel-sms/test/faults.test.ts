import type { ChannelDriver, DriverEvent } from '@reachkit/core/spec'
import { expect, it } from 'vitest'
import { aliyun, aliyunCall, httpSms, sns, tencent, twilio, twilioCall } from '../src/index.js'
import { contextOf, driverOf, requestTo } from './support/delivery.js'
import { closing, vendorThat } from './support/vendors.js'

const to = '+8615900001234'
const content = {
  text: 'x',
  vendors: { aliyun: { template: 'SMS_1' }, tencent: { template: '1' } },
}
const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'open-77', from: '+12025550199' }
const keys = { accessKeyId: 'id', accessKeySecret: 'open-77', secretAccessKey: 'open-77' }

/** Everything a vendor may answer whose account is at fault, in one answer. */
const refusing = async () =>
  vendorThat({
    status: 403,
    json: { code: 20003, Code: 'isv.OUT_OF_SERVICE', Response: { Error: { Code: 'AuthFailure.SignatureFailure' } } },
  })

it.each<[string, (endpoint: string) => ChannelDriver, string]>([
  ['aliyun', (endpoint) => driverOf(aliyun({ endpoint, credentials: keys })), 'aliyun isv.OUT_OF_SERVICE'],
  [
    'tencent',
    (endpoint) => driverOf(tencent({ endpoint, credentials: { secretId: 'a', secretKey: 'b' }, sdkAppId: '1' })),
    'tencent AuthFailure.SignatureFailure',
  ],
  ['twilio', (endpoint) => driverOf(twilio({ ...account, endpoint })), 'twilio 20003'],
  ['httpSms', (endpoint) => driverOf(httpSms({ endpoint })), 'gateway http 403'],
  [
    'sns',
    (endpoint) => driverOf(sns({ client: 'thin', region: 'eu-west-1', credentials: keys, endpoint })),
    'sns error',
  ],
  ['twilioCall', (endpoint) => driverOf(twilioCall({ ...account, endpoint })), 'twilio 20003'],
  ['aliyunCall', (endpoint) => driverOf(aliyunCall({ endpoint, credentials: keys })), 'aliyun isv.OUT_OF_SERVICE'],
])('%s warns of a fault of the account, and retries the message', async (_name, driverAt, reason) => {
  const vendor = await refusing()
  const driver = closing(driverAt(vendor.url))
  const events: DriverEvent[] = []
  const outcome = await driver.deliver(
    requestTo(to, content),
    contextOf(undefined, (event) => events.push(event)),
  )
  expect(outcome).toMatchObject({ kind: 'retry', reason })
  expect(events).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason }])
})

it.each<[string, (endpoint: string) => ChannelDriver]>([
  ['aliyun', (endpoint) => driverOf(aliyun({ endpoint, credentials: keys }))],
  [
    'tencent',
    (endpoint) => driverOf(tencent({ endpoint, credentials: { secretId: 'a', secretKey: 'b' }, sdkAppId: '1' })),
  ],
])('%s warns once a call', async (_name, driverAt) => {
  const vendor = await refusing()
  const driver = closing(driverAt(vendor.url))
  const events: DriverEvent[] = []
  const requests = [1, 2, 3].map((id) => requestTo(`+861590000123${id}`, content, { id: `parcel.${id}` }))
  await driver.deliverBatch?.(
    requests,
    contextOf(undefined, (event) => events.push(event)),
  )
  expect(events).toMatchObject([{ messageId: 'parcel.1' }])
})
