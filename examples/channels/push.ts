import assert from 'node:assert/strict'
import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { apns, byDevice, fcm, jpush, type PushDevice, webPush } from '@reachkit/channel-push'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const orderPaid = message('order.paid', {
  ttl: '2h',
  content: {
    push: {
      title: 'Order paid',
      body: 'Please update the app to see it.',
      variants: [{ when: { appVersion: '>=5.2' }, body: 'Tap to see it.', link: 'app://orders' }],
    },
  },
})

/** One person with four devices, each reached by its own push service; one of them is dead. */
export async function push(): Promise<void> {
  const google = await startHttpVendor({
    answers: { accept: { json: { name: 'projects/acme/messages/1' } } },
    beside: ({ url }) => (url === '/token' ? { json: { access_token: 'token', expires_in: 3_600 } } : undefined),
  })
  const aurora = await startHttpVendor({
    answers: {
      accept: ({ text }) =>
        text.includes('huawei-1') ? { status: 400, json: { error: { code: 1011 } } } : { json: { msg_id: '1' } },
    },
  })
  const browsers = await startHttpVendor({ answers: { accept: { status: 201 } } })
  const apple = await startApple()
  const browser = browserKeys()
  const dead: unknown[] = []
  const reach = createReach({
    messages: [orderPaid],
    onEvent(told) {
      if (told.kind === 'driver' && told.event.kind === 'address-dead') dead.push(told.event.address)
    },
    channels: {
      push: byDevice(
        webPush({ subject: 'mailto:ops@example.com', ...browser.vapid, allowPrivate: true }),
        fcm({ endpoint: google.url, serviceAccount: serviceAccount(google.url) }),
        apns({
          endpoint: apple.url,
          key: { keyId: 'ABCDE12345', privateKey: appleKey() },
          teamId: 'TEAM123456',
          topic: 'com.acme',
        }),
        jpush({ endpoint: aurora.url, appKey: 'acme0123456789abcdef0123', masterSecret: 'secret' }),
      ),
    },
  })
  const devices: readonly PushDevice[] = [
    { web: { endpoint: `${browsers.url}/push/1`, keys: browser.keys } },
    { fcm: 'android-1', platform: 'android', appVersion: '5.2.0' },
    { apns: 'a1b2c3', appVersion: '4.0.0' },
    { jpush: 'huawei-1' },
  ]
  // A device is called dead only once another one was reached: before that, a setting may be wrong.
  const before = await reach.notify('order.paid', { push: { jpush: 'huawei-2' } })
  assert.equal((await before.settled()).outcome, 'sent')
  const { settled } = await reach.notify('order.paid', { push: devices })
  assert.equal((await settled()).outcome, 'sent')
  assert.equal(browsers.requests[0]?.headers['content-encoding'], 'aes128gcm')
  assert.match(google.requests[0]?.text ?? '', /Tap to see it/)
  assert.match(JSON.stringify(apple.bodies[0]), /Please update the app/)
  assert.deepEqual(dead, [{ jpush: 'huawei-1' }])
  await reach.stop()
  for (const vendor of [google, aurora, browsers, apple]) await vendor.close()
  console.log('push: a browser, an Android phone and an iPhone have it; the fourth device is dead.')
}

/** APNs speaks HTTP/2. */
async function startApple() {
  const bodies: unknown[] = []
  const sessions: ServerHttp2Session[] = []
  const server = createServer()
  server.on('session', (session) => sessions.push(session))
  const take = async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> => {
    bodies.push(await json(stream))
    stream.respond({ ':status': 200, 'apns-id': headers['apns-id'] }, { endStream: true })
  }
  server.on('stream', (stream, headers) => void take(stream, headers))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    async close() {
      for (const session of sessions) session.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function browserKeys() {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const p256dh = pair.getPublicKey('base64url')
  return {
    keys: { p256dh, auth: randomBytes(16).toString('base64url') },
    vapid: { publicKey: p256dh, privateKey: pair.getPrivateKey('base64url').padStart(43, 'A') },
  }
}

function serviceAccount(url: string) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { project_id: 'acme', client_email: 'push@acme.example', private_key: pem, token_uri: `${url}/token` }
}

function appleKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
