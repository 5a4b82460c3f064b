import { createServer as createTlsServer } from 'node:tls'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { apns, fcm, jpush, webPush } from '../src/index.js'
import { delivering } from './support/deliver.js'
import { ec, rsa, vapid } from './support/keys.js'

const web = { ...vapid, subject: 'mailto:ops@example.com' }
const apple = {
  key: { keyId: 'ABCDE12345', privateKey: ec.privateKey },
  teamId: 'TEAM123456',
  topic: 'com.example.app',
}
const account = { project_id: 'acme', client_email: 'a@b.example', private_key: rsa.privateKey }
const aurora = { appKey: 'a'.repeat(24), masterSecret: 'open-sesame-77' }
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type Build = (options: never) => unknown
const wrong: readonly (readonly [string, Build, object, string])[] = [
  ['webPush', webPush, { ...web, subject: 'ops@example.com' }, 'subject'],
  ['webPush', webPush, { ...web, publicKey: 'short' }, 'publicKey'],
  ['webPush', webPush, { ...web, privateKey: `${web.privateKey}AA` }, 'privateKey'],
  ['webPush', webPush, { ...web, privateKey: undefined }, 'privateKey'],
  ['webPush', webPush, { ...web, endpoint: 'https://push.example' }, 'endpoint'],
  ['webPush', webPush, { ...web, allowPrivate: 'yes' }, 'allowPrivate'],
  ['apns', apns, { ...apple, key: { ...apple.key, keyId: 'abc' } }, 'key'],
  ['apns', apns, { ...apple, teamId: undefined }, 'teamId'],
  ['apns', apns, { ...apple, key: { ...apple.key, privateKey: rsa.privateKey } }, 'key'],
  ['apns', apns, { ...apple, key: { ...apple.key, privateKey: ec.privateKey.slice(0, 80) } }, 'key'],
  ['apns', apns, { ...apple, topic: 'a b' }, 'topic'],
  ['apns', apns, { ...apple, fetch }, 'fetch'],
  ['fcm', fcm, { serviceAccount: { ...account, private_key: ec.privateKey } }, 'private_key'],
  ['fcm', fcm, { serviceAccount: { ...account, project_id: '../acme' } }, 'project_id'],
  ['fcm', fcm, { serviceAccount: { ...account, client_email: undefined } }, 'client_email'],
  ['fcm', fcm, {}, 'project_id'],
  ['jpush', jpush, { ...aurora, appKey: 'a:b' }, 'appKey'],
  ['jpush', jpush, { ...aurora, apnsProduction: 1 }, 'apnsProduction'],
  ['jpush', jpush, { ...aurora, secret: 'x' }, 'secret'],
]

describe('options', () => {
  it.for(wrong)('%s refuses %#: a wrong one is named, and its value is not shown', ([, build, options, field]) => {
    let error: unknown
    try {
      build(options as never)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'REACH_OPTION_INVALID', message: expect.stringContaining(field) })
    for (const secret of [
      web.privateKey,
      aurora.masterSecret,
      ec.privateKey.slice(30, 70),
      rsa.privateKey.slice(30, 70),
    ])
      expect(inspect(error, { depth: 10 })).not.toContain(secret)
  })
})

describe('TLS', () => {
  it('that APNs’ certificate fails leaves nothing sent, and tells why', async () => {
    const server = createTlsServer(() => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const channel = await delivering(apns({ ...apple, endpoint: `https://127.0.0.1:${port}` }))
    closing.push(
      async () => channel.driver.close?.(),
      async () => server.close(),
    )
    const outcome = await channel.deliver({ apns: 'a1b2' }, { body: 'Hello' })
    expect(outcome).toMatchObject({
      kind: 'retry',
      reason: expect.stringMatching(/^apns (ERR_SSL|ECONNRESET|EPROTO|no)/),
    })
  })
})
