// FCM on warm connections against a new connection for each message, with the same token and the same message.
import { generateKeyPairSync } from 'node:crypto'
import { fcm } from '@reachkit/channel-push'
import { inFlight } from '../harness.js'
import { Child } from '../processes/child.js'
import { loopbackCertificate } from './push/loopback-certificate.js'
import { newRequest } from './push/new-request.js'
import { content, createSender, type Sender } from './push/sender.js'

const width = 50
const { title, body: text, data } = content
const body = JSON.stringify({ message: { token: 'token-1', notification: { title, body: text }, data } })

let child: Child
let sender: Sender
let endpoint = ''
let tls = { key: '', cert: '' }

export const fcmRow = {
  name: 'drivers/fcm',
  atLeast: 2,
  async open(): Promise<void> {
    tls = loopbackCertificate()
    child = new Child('drivers/push/vendor.ts', { speaks: 'https', tls })
    endpoint = `https://127.0.0.1:${await child.ask<number>('port')}`
    sender = await createSender(fcm({ endpoint, serviceAccount: serviceAccount(), ca: tls.cert, concurrency: width }))
  },
  ours: async (count: number): Promise<void> =>
    inFlight(width, count, async () => sender.send({ fcm: 'token-1', platform: 'android' })),
  peer: async (count: number): Promise<void> =>
    inFlight(width, count, async () =>
      newRequest(`${endpoint}/v1/projects/acme/messages:send`, 'Bearer token', body, tls.cert),
    ),
  async close(): Promise<void> {
    await sender.close()
    await child.stop()
  },
}

function serviceAccount() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return {
    project_id: 'acme',
    client_email: 'push@acme.example',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    token_uri: `${endpoint}/token`,
  }
}
