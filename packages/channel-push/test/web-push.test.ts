import { createPublicKey } from 'node:crypto'
import { startHttpVendor } from '@reachkit/testing'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import webpush from 'web-push'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { webPush, type WebPushOptions } from '../src/index.js'
import { delivering } from './support/deliver.js'
import { browserKeys, vapid } from './support/keys.js'
import { startPushService } from './support/push-service.js'

const options: WebPushOptions = { ...vapid, subject: 'mailto:ops@example.com', allowPrivate: true }
const hour = 3_600_000
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Browsers that decrypt what they get. */
async function browsers(over: Partial<WebPushOptions> = {}) {
  const service = await startPushService()
  const channel = await delivering(webPush({ ...options, ...over }))
  // The service reads the time of VAPID by its own clock.
  await channel.clock.advance(Math.max(0, Date.now() - channel.clock.now()))
  closing.push(async () => channel.driver.close?.(), service.close)
  return { ...channel, ...service }
}

/** A push service that keeps what it is sent, and answers as it is told. */
async function recorder(answer = { status: 201, headers: { location: '/m/1' }, text: '' }) {
  const vendor = await startHttpVendor({ answers: { accept: () => answer } })
  const channel = await delivering(webPush(options))
  closing.push(
    async () => channel.driver.close?.(),
    async () => vendor.close(),
  )
  const device = { web: { endpoint: `${vendor.url}/push/1`, keys: browserKeys } }
  return { ...channel, vendor, device, answer }
}

describe('a browser', () => {
  it('decrypts what it is sent, in any alphabet', async () => {
    const { subscribe, deliver } = await browsers()
    const { device, shown } = await subscribe()
    const content = {
      title: '订单 🎉',
      body: 'Zaplaceno – ¥99',
      link: 'https://shop.example/A1',
      data: { order: 'A1' },
    }
    expect(await deliver(device, content)).toMatchObject({ kind: 'sent' })
    expect(shown()).toEqual([
      {
        title: '订单 🎉',
        options: {
          body: 'Zaplaceno – ¥99',
          tag: 'parcel.0.push.k1',
          data: { messageId: 'parcel.0', link: 'https://shop.example/A1', order: 'A1' },
        },
      },
    ])
  })

  it('takes the largest payload, and what is larger is not sent', async () => {
    const { subscribe, deliver } = await browsers()
    const { device, shown } = await subscribe()
    const frame = Buffer.byteLength(
      JSON.stringify({ title: '', options: { body: '', tag: 'parcel.0.push.k1', data: { messageId: 'parcel.0' } } }),
    )
    expect(await deliver(device, { body: 'x'.repeat(3_993 - frame) })).toMatchObject({ kind: 'sent' })
    expect(await deliver(device, { body: 'x'.repeat(3_994 - frame) })).toEqual({
      kind: 'rejected',
      reason: 'webpush payload too large',
      invalidAddress: false,
    })
    expect(shown()).toHaveLength(1)
  })

  it('that subscribed with another key is not reached', async () => {
    const { subscribe, deliver } = await browsers()
    const { device, shown } = await subscribe(webpush.generateVAPIDKeys().publicKey)
    expect(await deliver(device, { body: 'Hello' })).toMatchObject({ kind: 'rejected', reason: 'webpush http 400' })
    expect(shown()).toEqual([])
  })

  it('that has unsubscribed is reported as dead', async () => {
    const { subscribe, deliver, reported } = await browsers()
    const { device, expire } = await subscribe()
    expire()
    expect(await deliver(device, { body: 'Hello' })).toEqual({
      kind: 'rejected',
      reason: 'webpush http 410',
      invalidAddress: true,
    })
    expect(reported).toEqual([
      { kind: 'address-dead', messageId: 'parcel.0', address: device, reason: 'webpush http 410' },
    ])
  })

  it('with keys that are none is dead, and nothing leaves', async () => {
    const { deliver, device, vendor } = await recorder()
    const p256dh = Buffer.alloc(65, 4).toString('base64url')
    const broken = { web: { ...device.web, keys: { ...browserKeys, p256dh } } }
    expect(await deliver(broken, { body: 'Hello' })).toMatchObject({
      reason: 'webpush keys invalid',
      invalidAddress: true,
    })
    expect(vendor.requests).toEqual([])
  })
})

describe('the request', () => {
  it('says how long, how urgent and in place of what', async () => {
    const { deliver, device, vendor, clock } = await recorder()
    await deliver(device, { body: 'Hello', collapse: 'sale' }, { lane: 'P0', expires: clock.now() + 90_500 })
    await deliver(device, { body: 'Hello' }, { lane: 'P3' })
    await deliver(
      device,
      { body: 'Hello', collapse: 'sale' },
      { lane: 'P2', expires: clock.now() - 1, idempotencyKey: 'k2' },
    )
    const [urgent, bulk, normal] = vendor.requests.map(({ headers }) => headers)
    expect(urgent).toMatchObject({ ttl: '90', urgency: 'high', 'content-encoding': 'aes128gcm' })
    expect(bulk).toMatchObject({ ttl: '2419200', urgency: 'low' })
    expect(normal).toMatchObject({ ttl: '0', urgency: 'normal' })
    expect(urgent?.['topic']).toMatch(/^[\w-]{32}$/)
    expect(normal?.['topic']).toBe(urgent?.['topic'])
    expect(bulk?.['topic']).not.toBe(urgent?.['topic'])
  })

  it('has a token for its push service that jose verifies; kept for 11 hours, and renewed before its end', async () => {
    const { deliver, device, vendor, clock } = await recorder()
    await deliver(device, { body: 'Hello' })
    await clock.advance(10.9 * hour)
    await deliver(device, { body: 'Hello' })
    await clock.advance(0.2 * hour)
    await deliver(device, { body: 'Hello' })
    const headers = vendor.requests.map(({ headers: { authorization } }) => String(authorization))
    expect(headers[1]).toBe(headers[0])
    expect(headers[2]).not.toBe(headers[0])
    const [, jwt = '', key = ''] = /^vapid t=(\S+), k=(\S+)$/.exec(headers[2] ?? '') ?? []
    expect(key).toBe(vapid.publicKey)
    const point = Buffer.from(key, 'base64url')
    const x = point.subarray(1, 33).toString('base64url')
    const y = point.subarray(33).toString('base64url')
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
    const { payload } = await jwtVerify(jwt, publicKey, { currentDate: new Date(clock.now()) })
    expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: 'ES256' })
    expect(payload).toEqual({
      aud: vendor.url,
      sub: 'mailto:ops@example.com',
      exp: Math.floor(clock.now() / 1_000) + 12 * 3_600,
    })
  })

  it('has a token of its own for each push service', async () => {
    const one = await recorder()
    const other = await startHttpVendor({ answers: { accept: { status: 201 } } })
    onTestFinished(async () => other.close())
    await one.deliver([one.device, { web: { ...one.device.web, endpoint: `${other.url}/push/2` } }], { body: 'Hello' })
    const [first] = one.vendor.requests
    expect(other.requests[0]?.headers['authorization']).not.toBe(first?.headers['authorization'])
  })

  it('goes to no private address, and to none without TLS, unless told', async () => {
    const { vendor, device } = await recorder()
    const strict = await delivering(webPush({ ...vapid, subject: 'mailto:ops@example.com' }))
    expect(await strict.deliver(device, { body: 'Hello' })).toMatchObject({ reason: 'webpush endpoint without tls' })
    for (const host of ['127.0.0.1', '[::1]', 'localhost', '169.254.169.254']) {
      const web = { ...device.web, endpoint: `https://${host}:${new URL(vendor.url).port}/push/1` }
      const outcome = await strict.deliver({ web }, { body: 'Hello' })
      expect([host, outcome]).toEqual([
        host,
        { kind: 'rejected', reason: 'webpush private address', invalidAddress: false },
      ])
    }
    expect(vendor.counterpart.connections()).toBe(0)
    await strict.driver.close?.()
  })
})

describe('an answer', () => {
  it.for([
    [404, '', 'rejected', true],
    [410, '', 'rejected', true],
    [413, '', 'rejected', false],
    [400, '', 'rejected', false],
    [400, 'BadWebPushTopic', 'rejected', false],
    [400, 'VapidPkHashMismatch', 'retry', 300_000],
    [401, '', 'retry', 300_000],
    [403, 'BadJwtToken', 'retry', 300_000],
    [429, '', 'retry', undefined],
    [429, 'TooManyRequests', 'retry', undefined],
    [500, '', 'unknown', undefined],
    [503, 'ServiceUnavailable', 'retry', undefined],
    [200, '', 'unknown', undefined],
    [202, '', 'sent', undefined],
  ] as const)('of %i %s is %s', async ([status, reason, kind, more]) => {
    const { deliver, device } = await recorder({
      status,
      headers: { location: '/m/1' },
      text: JSON.stringify({ reason }),
    })
    const outcome = await deliver(device, { body: 'Hello' })
    expect(outcome.kind).toBe(kind)
    if (outcome.kind === 'rejected') expect(outcome.invalidAddress).toBe(more)
    if (outcome.kind === 'retry') expect(outcome.afterMs).toBe(more)
  })

  it('that refuses a token has the next one signed anew, with the key of then', async () => {
    const keys = [vapid.privateKey, vapid.privateKey]
    let asked = 0
    const vendor = await startHttpVendor({ answers: { accept: { status: 403 } } })
    const channel = await delivering(webPush({ ...options, privateKey: () => keys[asked++] ?? vapid.privateKey }))
    closing.push(
      async () => channel.driver.close?.(),
      async () => vendor.close(),
    )
    const device = { web: { endpoint: `${vendor.url}/push/1`, keys: browserKeys } }
    for (let count = 0; count < 3; count += 1) await channel.deliver(device, { body: 'Hello' })
    expect(asked).toBe(1)
    await channel.clock.advance(11_000)
    await channel.deliver(device, { body: 'Hello' })
    await channel.deliver(device, { body: 'Hello' })
    expect(asked).toBe(2)
  })
})
