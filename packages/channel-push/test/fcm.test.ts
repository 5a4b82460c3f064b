import { createPublicKey } from 'node:crypto'
import { startHttpVendor, type VendorAnswer } from '@reachkit/testing'
import { jwtVerify } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { fcm } from '../src/index.js'
import { delivering } from './support/deliver.js'
import { rsa } from './support/keys.js'

const device = { fcm: 'token-4711:APA91b' }
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const taken: VendorAnswer = { json: { name: 'projects/acme/messages/0:1' } }

async function google(
  answer: VendorAnswer = taken,
  token: VendorAnswer = { json: { access_token: 'ya29.a', expires_in: 3_599 } },
) {
  const vendor = await startHttpVendor({
    answers: { accept: () => answer },
    beside: ({ url }) => (url === '/token' ? token : undefined),
  })
  const serviceAccount = {
    type: 'service_account',
    project_id: 'acme',
    private_key_id: 'key-1',
    private_key: rsa.privateKey.replaceAll('\n', '\\n'),
    client_email: 'push@acme.iam.gserviceaccount.com',
    token_uri: `${vendor.url}/token`,
  }
  const channel = await delivering(fcm({ endpoint: vendor.url, serviceAccount }))
  closing.push(
    async () => channel.driver.close?.(),
    async () => vendor.close(),
  )
  return {
    ...channel,
    vendor,
    messages: () => vendor.requests.map(({ json }) => (json as { message: object }).message),
  }
}

function refusal(status: number, errorCode: string, name: string, over: object = {}): VendorAnswer {
  const details =
    errorCode === '' ? [] : [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }]
  return { status, json: { error: { code: status, status: name, message: '', details, ...over } } }
}

describe('the access token', () => {
  it('is asked for by a JWT that jose verifies (RFC 7523), once for many messages', async () => {
    const { vendor, deliver, clock } = await google()
    await Promise.all([1, 2, 3].map(async () => deliver(device, { body: 'Hello' })))
    expect(vendor.besides).toHaveLength(1)
    const [asked] = vendor.besides
    expect(asked?.form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
    const { payload, protectedHeader } = await jwtVerify(
      asked?.form.get('assertion') ?? '',
      createPublicKey(rsa.publicKey),
      {
        currentDate: new Date(clock.now()),
      },
    )
    const iat = clock.now() / 1_000
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' })
    expect(payload).toEqual({
      iss: 'push@acme.iam.gserviceaccount.com',
      scope: 'https://www.googleapis.com/auth/firebase.messaging',
      aud: `${vendor.url}/token`,
      iat,
      exp: iat + 3_600,
    })
    expect(vendor.requests.map(({ headers }) => headers['authorization'])).toEqual(Array(3).fill('Bearer ya29.a'))
  })

  it('that is refused is replaced once it is 30 seconds old, and a person is told', async () => {
    const { vendor, deliver, clock, reported } = await google(refusal(401, '', 'UNAUTHENTICATED'))
    const reason = 'fcm access token refused'
    expect(await deliver(device, { body: 'Hello' })).toEqual({ kind: 'retry', afterMs: 300_000, reason })
    expect(vendor.besides).toHaveLength(1)
    await clock.advance(30_000)
    expect(await deliver(device, { body: 'Hello' })).toMatchObject({ kind: 'retry' })
    expect(vendor.besides).toHaveLength(2)
    expect(reported).toEqual([1, 2].map(() => ({ kind: 'warning', messageId: 'parcel.0', reason })))
  })

  it('that Google does not give means that nothing was sent, and a person is told', async () => {
    const { vendor, deliver, reported } = await google(taken, {
      status: 400,
      json: { error: 'invalid_grant', error_description: 'x' },
    })
    const reason = 'fcm no access token: invalid_grant'
    expect(await deliver(device, { body: 'Hello' })).toEqual({ kind: 'retry', afterMs: 300_000, reason })
    expect(reported).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason }])
    expect(vendor.requests).toEqual([])
  })
})

describe('the message', () => {
  it('of an Android phone, in any alphabet', async () => {
    const { vendor, deliver, messages, clock } = await google()
    const content = {
      title: '订单 🎉',
      body: 'Zaplaceno\r\nx: y',
      image: 'https://shop.example/a.png',
      link: 'app://orders/A1',
      badge: 3,
      sound: 'ding',
      collapse: 'order-A1',
      data: { order: 'A1' },
      vendors: { fcm: { channelId: 'orders', notification: { color: '#ff0000' } } },
    }
    const outcome = await deliver({ ...device, platform: 'android' }, content, { expires: clock.now() + 90_000 })
    expect(outcome).toEqual({ kind: 'sent', providerId: 'projects/acme/messages/0:1' })
    expect(vendor.requests[0]).toMatchObject({ method: 'POST', url: '/v1/projects/acme/messages:send' })
    expect(messages()).toEqual([
      {
        token: device.fcm,
        notification: { title: '订单 🎉', body: 'Zaplaceno\r\nx: y', image: 'https://shop.example/a.png' },
        data: { messageId: 'parcel.0', link: 'app://orders/A1', order: 'A1' },
        android: {
          priority: 'HIGH',
          ttl: '90s',
          collapse_key: 'order-A1',
          notification: {
            tag: 'order-A1',
            channel_id: 'orders',
            sound: 'ding',
            notification_count: 3,
            color: '#ff0000',
          },
        },
      },
    ])
  })

  it('of an iPhone, of a browser, and of a device that says nothing of itself', async () => {
    const { deliver, messages } = await google()
    const content = { body: 'Hello', link: 'https://shop.example/A1' }
    await deliver({ ...device, platform: 'ios' }, content)
    await deliver({ ...device, platform: 'web' }, content, { lane: 'P3' })
    await deliver(device, { silent: true, data: { sync: '1' } })
    const [phone, browser, any] = messages()
    expect(phone).toMatchObject({
      apns: {
        headers: { 'apns-push-type': 'alert', 'apns-priority': '10', 'apns-collapse-id': 'parcel.0.push.k1' },
        payload: { aps: { alert: { body: 'Hello' } } },
      },
    })
    expect(phone).not.toHaveProperty('android')
    expect(browser).toMatchObject({
      webpush: { headers: { Urgency: 'normal' }, fcm_options: { link: 'https://shop.example/A1' } },
    })
    expect(Object.keys(any ?? {})).toEqual(['token', 'data', 'android', 'apns', 'webpush'])
  })

  it('that is too big for FCM is not sent', async () => {
    const { deliver, vendor } = await google()
    expect(await deliver(device, { body: 'x'.repeat(4_100) })).toMatchObject({
      kind: 'rejected',
      reason: 'fcm message too big',
    })
    expect(vendor.requests).toEqual([])
  })
})

describe('an answer', () => {
  it.for([
    ['UNREGISTERED', 404, 'NOT_FOUND', 'dead'],
    ['INVALID_ARGUMENT', 400, 'INVALID_ARGUMENT', 'rejected'],
    ['SENDER_ID_MISMATCH', 403, 'PERMISSION_DENIED', 300_000],
    ['QUOTA_EXCEEDED', 429, 'RESOURCE_EXHAUSTED', 60_000],
    ['', 429, 'RESOURCE_EXHAUSTED', 60_000],
    ['UNAVAILABLE', 503, 'UNAVAILABLE', 'retry'],
    ['INTERNAL', 500, 'INTERNAL', 'unknown'],
    ['UNSPECIFIED_ERROR', 500, 'UNKNOWN', 'unknown'],
    ['THIRD_PARTY_AUTH_ERROR', 401, 'UNAUTHENTICATED', 300_000],
    ['', 403, 'PERMISSION_DENIED', 300_000],
    ['', 404, 'NOT_FOUND', 300_000],
    ['', 504, 'DEADLINE_EXCEEDED', 'unknown'],
  ] as const)('of %s (%i %s) is %s', async ([code, status, name, meaning]) => {
    const { deliver } = await google(refusal(status, code, name))
    const outcome = await deliver(device, { body: 'Hello' })
    const dead = outcome.kind === 'rejected' && outcome.invalidAddress
    const found = outcome.kind === 'retry' ? (outcome.afterMs ?? 'retry') : dead ? 'dead' : outcome.kind
    expect(found).toBe(meaning)
  })

  it('that names a time is waited for that long', async () => {
    const answer = refusal(429, 'QUOTA_EXCEEDED', 'RESOURCE_EXHAUSTED')
    const { deliver } = await google({ ...answer, headers: { 'retry-after': '120' } })
    expect(await deliver(device, { body: 'Hello' })).toMatchObject({ kind: 'retry', afterMs: 120_000 })
  })

  it('about a token that is none is a dead address; about another field it is the message', async () => {
    const violations = (field: string) => ({
      details: [
        { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description: '' }] },
      ],
    })
    const sentence = { message: 'The registration token is not a valid FCM registration token' }
    for (const [over, invalidAddress] of [
      [violations('message.token'), true],
      [violations('message.data[0].value'), false],
      [sentence, true],
    ] as const) {
      const { deliver } = await google(refusal(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', over))
      expect(await deliver(device, { body: 'Hello' })).toMatchObject({ kind: 'rejected', invalidAddress })
    }
  })
})
