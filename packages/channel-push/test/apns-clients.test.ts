import { readFileSync } from 'node:fs'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ApnsAccount, apnsClients } from './support/apns-clients.js'
import { type AppleAccount, appleRules } from './support/apns-rules.js'
import { type ApnsServer, startApnsServer } from './support/apns-server.js'
import { ec, otherEc } from './support/keys.js'

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
const tls = { key: fixture('localhost.key.pem'), cert: fixture('localhost.cert.pem') }
const device = 'a1b2c3d4'.repeat(8)
const stranger = 'ff'.repeat(32)
const message = { id: 'parcel.0', collapseId: 'order-A1', title: '订单 🎉', body: 'Order A1 is paid' }
const hour = 3_600_000
const keys = { keyId: 'ABCDE12345', teamId: 'TEAM123456', topic: 'com.example.app' }

async function start(): Promise<{ server: ApnsServer; account: ApnsAccount }> {
  const server = await startApnsServer({ tls })
  onTestFinished(async () => server.close())
  return { server, account: { url: server.url, ca: tls.cert, privateKey: ec.privateKey, ...keys } }
}

/** From here on the server takes and refuses as Apple does. */
function byAppleRules(server: ApnsServer, now: () => number, over: Partial<AppleAccount> = {}): void {
  server.answer = appleRules({ publicKey: ec.publicKey, ...keys, devices: [device], now, ...over })
}

describe.each(apnsClients)('APNs as we play it, to %s', (_name, open) => {
  it.each<[string, string, Partial<AppleAccount>]>([
    ['takes what Apple takes', 'taken', {}],
    ['refuses the token of no device', 'BadDeviceToken', { devices: [stranger] }],
    ['refuses a device of another app', 'DeviceTokenNotForTopic', { topic: 'com.example.game' }],
    ['refuses what another key has signed', 'InvalidProviderToken', { publicKey: otherEc.publicKey }],
    ['refuses a key that it does not know', 'InvalidProviderToken', { keyId: 'OTHER12345' }],
    ['refuses another team', 'InvalidProviderToken', { teamId: 'OTHER12345' }],
  ])('%s: %s', async (_, answer, over) => {
    const { server, account } = await start()
    const client = await open(account)
    byAppleRules(server, client.now, over)
    expect(await client.send(device, message)).toBe(answer)
    expect(server.posts.length).toBeGreaterThan(0)
  })

  it.each([
    ['takes a provider token of the last hour', 'taken', hour - 60_000],
    ['refuses one that is older', 'ExpiredProviderToken', hour + 60_000],
  ])('%s: %s', async (_, answer, age) => {
    const { server, account } = await start()
    const client = await open(account)
    byAppleRules(server, () => client.now() + age)
    expect(await client.send(device, message)).toBe(answer)
  })
})

it('our request is the one of others: path, headers, body, and what the token says', async () => {
  const { server, account } = await start()
  for (const [, open] of apnsClients) await (await open(account)).send(device, message)
  const [own, ...others] = server.posts
  if (own === undefined) throw new Error('nothing was sent')
  for (const { path, headers, body } of others) {
    expect([path, headers[':method'], headers[':scheme'], body]).toEqual([own.path, 'POST', 'https', own.body])
    for (const [name, value] of Object.entries(headers))
      if (name.startsWith('apns-')) expect([name, own.headers[name]]).toEqual([name, value])
    const [ofOwn, ofOther] = [own.headers, headers].map(({ authorization }) => tokenOf(authorization))
    expect(ofOwn).toEqual(ofOther)
  }
  expect(others.map(({ headers }) => Object.keys(headers).filter((name) => name.startsWith('apns-')))).toEqual([
    ['apns-push-type', 'apns-topic', 'apns-collapse-id'],
    ['apns-priority', 'apns-collapse-id', 'apns-topic', 'apns-push-type'],
  ])
})

/** All that a provider token says, but for when. */
function tokenOf(authorization = '') {
  const jwt = authorization.replace(/^bearer /, '')
  const { iat, ...claims } = decodeJwt(jwt)
  return { header: decodeProtectedHeader(jwt), claims, iat: Number.isInteger(iat) }
}
