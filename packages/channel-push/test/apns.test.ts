import { createPublicKey } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { constants } from 'node:http2'
import { jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { ApnsConnection } from '../src/apns/apns-connection.js'
import { apns } from '../src/index.js'
import { type ApnsServer, startApnsServer } from './support/apns-server.js'
import { type Delivering, delivering } from './support/deliver.js'
import { startFreezingProxy } from './support/freezing-proxy.js'
import { ec, otherEc } from './support/keys.js'

const options = {
  key: { keyId: 'ABCDE12345', privateKey: ec.privateKey },
  teamId: 'TEAM123456',
  topic: 'com.example.app',
}
const device = { apns: 'a1b2c3d4'.repeat(8) }
const minute = 60_000

let server: ApnsServer
let phone: Delivering

async function start(streams?: number): Promise<void> {
  server = await startApnsServer(streams === undefined ? {} : { streams })
  phone = await delivering(apns({ ...options, endpoint: server.url }))
}
beforeEach(async () => start())
afterEach(async () => {
  await phone.driver.close?.()
  await server.close()
})

const many = async (count: number) =>
  Promise.all(Array.from({ length: count }, async () => phone.deliver(device, { body: 'Hello' })))
const jwts = () => server.posts.map(({ headers }) => String(headers.authorization).replace(/^bearer /, ''))
const at = () => phone.clock.now() / 1_000

describe('the request', () => {
  it('has the path, headers and payload of Apple’s documents, in any alphabet', async () => {
    const content = {
      title: '订单 🎉',
      body: 'Zaplaceno – ¥99\r\nx: y',
      badge: '3',
      sound: 'ding.caf',
      link: 'app://orders/A1',
      data: { order: 'A1', aps: 'no' },
      vendors: { apns: { aps: { category: 'ORDER' } } },
    }
    const outcome = await phone.deliver(device, content, { expires: phone.clock.now() + 90_500 })
    const [post] = server.posts
    expect(post?.path).toBe(`/3/device/${device.apns}`)
    expect(post?.headers).toMatchObject({
      ':method': 'POST',
      'apns-topic': 'com.example.app',
      'apns-push-type': 'alert',
      'apns-priority': '10',
      'apns-expiration': String(at() + 90),
      'apns-collapse-id': 'parcel.0.push.k1',
    })
    expect(post?.headers['apns-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(outcome).toEqual({ kind: 'sent', providerId: post?.headers['apns-id'] })
    expect(post?.body).toEqual({
      aps: {
        alert: { title: '订单 🎉', body: 'Zaplaceno – ¥99\r\nx: y' },
        badge: 3,
        sound: 'ding.caf',
        category: 'ORDER',
      },
      messageId: 'parcel.0',
      link: 'app://orders/A1',
      order: 'A1',
    })
  })

  it('is signed by ES256, which jose verifies, with the key and the team', async () => {
    await phone.deliver(device, { body: 'Hello' })
    const { payload, protectedHeader } = await jwtVerify(jwts()[0] ?? '', createPublicKey(ec.publicKey))
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: 'ABCDE12345' })
    expect(payload).toEqual({ iss: 'TEAM123456', iat: at() })
  })

  it('has the same id on every attempt, and another one for another device', async () => {
    await phone.deliver(device, { body: 'Hello' })
    await phone.deliver(device, { body: 'Hello' }, { attempt: 2 })
    await phone.deliver({ apns: 'ff'.repeat(32) }, { body: 'Hello' })
    const ids = server.posts.map(({ headers }) => headers['apns-id'])
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
  })

  it('is quiet for a silent message and for bulk, and kept at most as long as the ttl says', async () => {
    await phone.deliver(device, { silent: true, data: { sync: '1' } })
    await phone.deliver(device, { body: 'Sale', collapse: 'sale' }, { lane: 'P3', expires: phone.clock.now() + 10 })
    const [silent, bulk] = server.posts
    expect(silent?.headers).toMatchObject({ 'apns-push-type': 'background', 'apns-priority': '5' })
    expect(silent?.headers).not.toHaveProperty('apns-expiration')
    expect(silent?.body).toMatchObject({ aps: { 'content-available': 1 }, sync: '1' })
    expect(bulk?.headers).toMatchObject({ 'apns-priority': '5', 'apns-expiration': '0', 'apns-collapse-id': 'sale' })
  })

  it('is not made for a payload that APNs would refuse as too large', async () => {
    const outcome = await phone.deliver(device, { body: '界'.repeat(1_400) })
    expect(outcome).toEqual({ kind: 'rejected', reason: 'apns payload too large', invalidAddress: false })
    expect(server.posts).toEqual([])
  })

  it('has no header that content could end: words become digests, and what cannot is refused', async () => {
    await phone.deliver(device, { body: 'Hello', collapse: 'a\r\napns-topic: com.evil' })
    await phone.deliver(device, { body: 'Hello', collapse: 'Bestellung über 🎉' })
    for (const { headers } of server.posts) expect(headers['apns-collapse-id']).toMatch(/^[\w-]{43}$/)
    for (const part of ['topic', 'pushType']) {
      const evil = { body: 'Hello', vendors: { apns: { [part]: 'a\r\nb: c' } } }
      expect(await phone.driver.content['~standard'].validate(evil)).toMatchObject({
        issues: [{ path: ['vendors', 'apns', part] }],
      })
    }
  })
})

describe('the token', () => {
  it('is kept for 40 minutes, and another one then', async () => {
    await phone.deliver(device, { body: 'Hello' })
    await phone.clock.advance(39 * minute)
    await phone.deliver(device, { body: 'Hello' })
    await phone.clock.advance(2 * minute)
    await phone.deliver(device, { body: 'Hello' })
    const [first, second, third] = jwts()
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('that is refused as too old is replaced once, in the same attempt, but never before 20 minutes', async () => {
    await phone.deliver(device, { body: 'Hello' })
    server.answer = (post) =>
      jwts().indexOf(String(post.headers.authorization).replace(/^bearer /, '')) === 0
        ? { status: 403, reason: 'ExpiredProviderToken' }
        : undefined
    expect(await phone.deliver(device, { body: 'Hello' })).toMatchObject({ kind: 'retry' })
    expect(server.posts).toHaveLength(2)
    await phone.clock.advance(21 * minute)
    expect(await phone.deliver(device, { body: 'Hello' })).toMatchObject({ kind: 'sent' })
    expect(server.posts).toHaveLength(4)
  })

  it('that is refused as invalid is forgotten: the function for the key is asked again, once a minute at most', async () => {
    let asked = 0
    const rotated = { keyId: 'FGHIJ67890', privateKey: otherEc.privateKey }
    const key = async () => ((asked += 1) === 1 ? options.key : rotated)
    const other = await delivering(apns({ ...options, key, endpoint: server.url }))
    onTestFinished(async () => other.driver.close?.())
    server.answer = () => ({ status: 403, reason: 'InvalidProviderToken' })
    await other.deliver(device, { body: 'Hello' })
    await other.deliver(device, { body: 'Hello' })
    expect(asked).toBe(1)
    await other.clock.advance(minute)
    expect(await other.deliver(device, { body: 'Hello' })).toMatchObject({ kind: 'retry', afterMs: 300_000 })
    server.answer = undefined
    await other.deliver(device, { body: 'Hello' })
    await other.deliver(device, { body: 'Hello' })
    expect(asked).toBe(2)
    const { protectedHeader } = await jwtVerify(jwts().at(-1) ?? '', createPublicKey(otherEc.publicKey))
    expect(protectedHeader.kid).toBe('FGHIJ67890')
  })

  it('is not made where the function for the key fails: nothing leaves, and a person is told', async () => {
    const ask = (): never => {
      throw new Error(`vault ${ec.privateKey}`)
    }
    const other = await delivering(apns({ ...options, key: ask, endpoint: server.url }))
    expect(await other.deliver(device, { body: 'Hello' })).toEqual({
      kind: 'retry',
      reason: 'apns the function for key answered no { keyId, privateKey }',
    })
    expect(other.reported).toMatchObject([{ kind: 'warning', messageId: 'parcel.0' }])
    expect(server.posts).toEqual([])
  })
})

describe('a token that APNs calls bad', () => {
  const bad = { status: 400, reason: 'BadDeviceToken' }
  const other = { apns: 'ff'.repeat(32) }
  const game = { body: 'Hello', vendors: { apns: { topic: 'com.example.game' } } }

  it('is dead only once another one of the topic was taken: `sandbox` may be wrong, and every token would be bad', async () => {
    server.answer = ({ path }) => (path.endsWith(device.apns) ? bad : undefined)
    expect(await phone.deliver(device, { body: 'Hello' })).toMatchObject({ kind: 'rejected', invalidAddress: false })
    expect(phone.reported.splice(0)).toEqual([
      { kind: 'warning', messageId: 'parcel.0', reason: 'apns BadDeviceToken' },
    ])
    await phone.deliver(other, game)
    expect(await phone.deliver(device, { body: 'Hello' })).toMatchObject({ invalidAddress: false })
    await phone.deliver(other, { body: 'Hello' })
    phone.reported.length = 0
    expect(await phone.deliver(device, { body: 'Hello' })).toMatchObject({ kind: 'rejected', invalidAddress: true })
    expect(phone.reported).toMatchObject([{ kind: 'address-dead', address: device }])
  })
})

describe('the session', () => {
  it('is one, and warm, for many messages side by side', async () => {
    await many(50)
    await many(50)
    expect(new Set(server.posts.map(({ session }) => session))).toEqual(new Set([0]))
    expect(server.posts).toHaveLength(100)
  })

  it('carries no more streams than the server allows; those that wait for one are not lost with it', async () => {
    await phone.driver.close?.()
    await server.close()
    await start(2)
    server.answer = ({ session }) =>
      session > 0
        ? undefined
        : () => {
            if (server.posts.length === 2) server.cut()
          }
    const kinds = (await many(10)).map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual([...Array<string>(8).fill('sent'), 'unknown', 'unknown'])
  })

  it('that says GOAWAY ends what it has, and a new one takes what comes', async () => {
    await many(1)
    let held: (() => void) | undefined
    server.answer = ({ session }) =>
      session > 0 || held !== undefined
        ? undefined
        : (stream, { headers }) => {
            held = () => stream.respond({ ':status': 200, 'apns-id': headers['apns-id'] }, { endStream: true })
            stream.session?.goaway(constants.NGHTTP2_NO_ERROR)
          }
    const first = phone.deliver(device, { body: 'One' })
    await expect.poll(() => held).toBeDefined()
    await expect.poll(async () => (await phone.deliver(device, { body: 'Two' })).kind).toBe('sent')
    await expect.poll(() => server.sessions.length).toBe(2)
    held?.()
    expect(await first).toMatchObject({ kind: 'sent' })
  })

  it('that says GOAWAY and names an earlier stream has not taken the later ones: they are retried', async () => {
    await many(1)
    server.answer = () => (stream) => {
      stream.session?.goaway(constants.NGHTTP2_INTERNAL_ERROR, 1)
    }
    expect(await phone.deliver(device, { body: 'Two' })).toMatchObject({ kind: 'retry' })
    server.answer = undefined
    expect(await phone.deliver(device, { body: 'Two' })).toMatchObject({ kind: 'sent' })
  })

  it('that breaks while a message is on it leaves it unknown, and the next message has a new session', async () => {
    server.answer = () => () => server.cut()
    expect(await phone.deliver(device, { body: 'One' })).toMatchObject({ kind: 'unknown' })
    server.answer = undefined
    expect(await phone.deliver(device, { body: 'Two' })).toMatchObject({ kind: 'sent' })
    expect(server.sessions).toHaveLength(2)
  })

  it('that a stream is refused on has not taken it', async () => {
    server.answer = () => (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)
    expect(await phone.deliver(device, { body: 'One' })).toMatchObject({ kind: 'retry' })
  })

  it('that was silent for long is asked first: where it is dead, the message goes by a new one', async () => {
    const proxy = await startFreezingProxy(server.url)
    onTestFinished(async () => proxy.close())
    const session = { endpoint: proxy.url, ca: undefined, mostStreams: 10, trustedMs: -1, pingTimeoutMs: 500 }
    const connection = new ApnsConnection(session)
    const { signal } = new AbortController()
    const request = { path: '/3/device/a1', headers: {}, body: Buffer.from('{}') }
    await connection.send(request, 'bearer x', signal)
    await connection.send(request, 'bearer x', signal)
    expect(server.sessions).toHaveLength(1)
    proxy.freeze()
    await connection.send(request, 'bearer x', signal)
    expect(server.posts.map(({ session: by }) => by)).toEqual([0, 0, 1])
    // And it does not wait for the leave of who is gone.
    await connection.close()
  })

  it('that was silent for long is asked once, however many messages come', async () => {
    const session = { endpoint: server.url, ca: undefined, mostStreams: 100, trustedMs: -1 }
    const connection = new ApnsConnection(session)
    onTestFinished(async () => connection.close())
    const { signal } = new AbortController()
    setMaxListeners(0, signal)
    const request = { path: '/3/device/a1', headers: {}, body: Buffer.from('{}') }
    await connection.send(request, 'bearer x', signal)
    let pings = 0
    server.sessions[0]?.on('ping', () => (pings += 1))
    await Promise.all(Array.from({ length: 50 }, async () => connection.send(request, 'bearer x', signal)))
    expect(server.sessions).toHaveLength(1)
    expect(pings).toBe(1)
  })

  it('is not trusted after an answer that did not come', async () => {
    const stop = new AbortController()
    const other = await delivering(apns({ ...options, endpoint: server.url }), stop.signal)
    server.answer = () => () => stop.abort()
    expect(await other.deliver(device, { body: 'One' })).toMatchObject({ kind: 'unknown', reason: 'apns aborted' })
    await other.driver.close?.()
    await expect.poll(() => server.counterpart.connections()).toBe(0)
  })
})

describe('an answer', () => {
  it.for([
    ['rejected', 400, ['BadCollapseId', 'BadExpirationDate', 'BadMessageId', 'BadPriority', 'DuplicateHeaders']],
    ['rejected', 400, ['InvalidPushType', 'MissingDeviceToken', 'PayloadEmpty', 'BadPath', 'MethodNotAllowed']],
    ['rejected', 413, ['PayloadTooLarge']],
    ['doubted', 400, ['BadDeviceToken']],
    ['dead', 410, ['ExpiredToken', 'Unregistered']],
    ['account', 400, ['BadTopic', 'DeviceTokenNotForTopic', 'MissingTopic', 'TopicDisallowed']],
    ['account', 403, ['BadCertificate', 'BadCertificateEnvironment', 'Forbidden', 'InvalidProviderToken']],
    ['account', 403, ['MissingProviderToken', 'UnrelatedKeyIdInToken', 'BadEnvironmentKeyIdInToken']],
    ['account', 403, ['ExpiredProviderToken']],
    ['account', 429, ['TooManyProviderTokenUpdates']],
    ['retry', 429, ['TooManyRequests']],
    ['retry', 503, ['ServiceUnavailable', 'Shutdown', 'IdleTimeout']],
    ['unknown', 500, ['InternalServerError', 'SomethingNew']],
  ] as const)('is %s: %i %s', async ([meaning, status, reasons]) => {
    for (const reason of reasons) {
      server.answer = () => ({ status, reason })
      phone.reported.length = 0
      const outcome = await phone.deliver(device, { body: 'Hello' })
      expect([reason, ...meaningOf(outcome, phone.reported)]).toEqual([reason, meaning, told(meaning)])
    }
  })
})

function told(meaning: string): string | undefined {
  return { dead: 'address-dead', account: 'warning', doubted: 'warning' }[meaning]
}

function meaningOf(
  outcome: { kind: string; invalidAddress?: boolean; afterMs?: number },
  reported: Delivering['reported'],
) {
  const kind = reported[0]?.kind
  if (outcome.invalidAddress === true) return ['dead', kind]
  if (outcome.kind === 'rejected' && kind === 'warning') return ['doubted', kind]
  return [outcome.kind === 'retry' && outcome.afterMs === 300_000 ? 'account' : outcome.kind, kind]
}
