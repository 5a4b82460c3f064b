import { startHttpVendor, type VendorAnswer, type VendorRequest } from '@reachkit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { jpush } from '../src/index.js'
import { delivering } from './support/deliver.js'

// JPush's own example of a signed call ("Push API v3"): these keys, and this header.
const appKey = '7d431e42dfa6a6d693ac2d04'
const masterSecret = '5e987ac6d2e04d95a9d8f0d1'
const authorization = 'Basic N2Q0MzFlNDJkZmE2YTZkNjkzYWMyZDA0OjVlOTg3YWM2ZDJlMDRkOTVhOWQ4ZjBkMQ=='
const device = { jpush: '140fe1da9e2b4a7c' }
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function aurora(
  answer: VendorAnswer | ((request: VendorRequest) => VendorAnswer) = { json: { sendno: '18', msg_id: '1828256757' } },
) {
  const vendor = await startHttpVendor({ answers: { accept: answer } })
  const channel = await delivering(jpush({ endpoint: vendor.url, appKey, masterSecret }))
  closing.push(
    async () => channel.driver.close?.(),
    async () => vendor.close(),
  )
  return { ...channel, vendor }
}

describe('the request', () => {
  it('of an Android phone is signed as in JPush’s example, and says what the phone makers are told', async () => {
    const { vendor, deliver, clock } = await aurora()
    const content = {
      title: '订单 🎉',
      body: '已付款\r\nx: y',
      badge: 2,
      data: { order: 'A1' },
      vendors: {
        jpush: {
          android: { channel_id: 'orders' },
          makers: { xiaomi: { distribution: 'secondary_push', channel_id: '1' } },
        },
      },
    }
    const outcome = await deliver(device, content, { expires: clock.now() + 90_000 })
    expect(outcome).toEqual({ kind: 'sent', providerId: '1828256757' })
    const [request] = vendor.requests
    expect(request).toMatchObject({ method: 'POST', url: '/v3/push', headers: { authorization } })
    expect(request?.json).toEqual({
      platform: ['android'],
      audience: { registration_id: [device.jpush] },
      notification: {
        android: {
          alert: '已付款\r\nx: y',
          title: '订单 🎉',
          badge_set_num: 2,
          extras: { messageId: 'parcel.0', order: 'A1' },
          channel_id: 'orders',
        },
      },
      options: {
        apns_production: true,
        time_to_live: 90,
        third_party_channel: { xiaomi: { distribution: 'secondary_push', channel_id: '1' } },
      },
    })
  })

  it('of HarmonyOS, of an iPhone, and of a silent message', async () => {
    const { vendor, deliver } = await aurora()
    const content = { body: 'Hello', link: 'app://a', vendors: { jpush: { harmony: { category: 'IM' } } } }
    await deliver({ ...device, platform: 'harmony' }, content)
    await deliver({ ...device, platform: 'ios' }, { body: 'Hello', sound: 'default' })
    await deliver(device, { silent: true, data: { sync: '1' } })
    await deliver({ ...device, platform: 'harmony' }, { body: 'Hello' })
    await deliver(device, { body: 'Hello', link: 'app://a' })
    const [harmony, iphone, silent, plain, android] = vendor.requests.map(({ json }) => json)
    expect(harmony).toMatchObject({
      platform: ['hmos'],
      notification: { hmos: { alert: 'Hello', intent: { url: 'app://a' }, category: 'IM' } },
    })
    expect(plain).toMatchObject({ notification: { hmos: { intent: { url: 'action.system.home' } } } })
    expect(android).toMatchObject({ notification: { android: { intent: { url: 'app://a' } } } })
    expect(iphone).toMatchObject({
      platform: ['ios'],
      notification: { ios: { alert: { body: 'Hello' }, sound: 'default' } },
    })
    expect(silent).toMatchObject({ message: { msg_content: 'order.paid', extras: { sync: '1' } } })
    expect(silent).not.toHaveProperty('notification')
    expect(harmony).not.toHaveProperty('options.time_to_live')
  })
})

it('a registration id that nobody has is dead only once another one of the platform was taken', async () => {
  const { deliver, reported, vendor } = await aurora(({ json }) =>
    JSON.stringify(json).includes(device.jpush)
      ? { status: 400, json: { error: { code: 1011, message: '' } } }
      : { json: { msg_id: '1' } },
  )
  const iphone = { ...device, platform: 'ios' }
  expect(await deliver(iphone, { body: 'Hello' })).toMatchObject({ kind: 'rejected', invalidAddress: false })
  expect(reported.splice(0)).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason: 'jpush 1011' }])
  await deliver({ jpush: 'other' }, { body: 'Hello' })
  expect(await deliver(iphone, { body: 'Hello' })).toMatchObject({ invalidAddress: false })
  await deliver({ jpush: 'other', platform: 'ios' }, { body: 'Hello' })
  expect(await deliver(iphone, { body: 'Hello' })).toMatchObject({ kind: 'rejected', invalidAddress: true })
  expect(vendor.requests).toHaveLength(5)
})

describe('an answer', () => {
  it.for([
    [1000, 500, 'unknown'],
    [1001, 405, 'rejected'],
    [1002, 400, 'rejected'],
    [1003, 400, 'rejected'],
    [1004, 401, 300_000],
    [1005, 400, 'rejected'],
    [1008, 400, 300_000],
    [1009, 400, 'rejected'],
    [1011, 400, 'rejected'],
    [1012, 400, 300_000],
    [1020, 404, 300_000],
    [1030, 503, 'unknown'],
    [2002, 429, 7_000],
    [2003, 403, 300_000],
    [2004, 403, 300_000],
    [2005, 403, 300_000],
    [2006, 403, 300_000],
    [2007, 403, 300_000],
    [9999, 400, 'rejected'],
  ] as const)('of %i (%i) is %s', async ([code, status, meaning]) => {
    const headers = { 'x-rate-limit-reset': '7' }
    const { deliver } = await aurora({ status, headers, json: { error: { code, message: '' } } })
    const outcome = await deliver(device, { body: 'Hello' })
    const dead = outcome.kind === 'rejected' && outcome.invalidAddress
    expect(outcome.kind === 'retry' ? outcome.afterMs : dead ? 'dead' : outcome.kind).toBe(meaning)
  })
})
